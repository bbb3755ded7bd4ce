import type { KubeClient } from "@seaworthy/client";
import type { Kinds } from "@seaworthy/kube";
import type { Clock } from "../../clock.ts";
import type { Informers } from "./informers.ts";

/** What every controller is given. */
export interface ControllerContext {
  readonly client: KubeClient;
  readonly clock: Clock;
  /** The machine's own, by which work that took long rests; absent in virtual time. */
  readonly restClock?: Clock | undefined;
  readonly informers: Informers;
  /** What the API server serves. */
  readonly kinds: Kinds;
}

/** The key of an object in a work queue: `namespace/name`. */
export function keyOf(object: {
  readonly metadata: { readonly namespace?: string; readonly name: string };
}): string {
  return `${object.metadata.namespace ?? ""}/${object.metadata.name}`;
}

/** The namespace and the name that a key stands for. */
export function splitKey(key: string): { namespace: string; name: string } {
  const slash = key.indexOf("/");
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
