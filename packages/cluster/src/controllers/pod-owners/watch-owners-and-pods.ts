import type { Change, Informer } from "@seaworthy/client";
import type { KubeObject, Pod } from "@seaworthy/kube";
import { keyOf } from "../reconciler/controller-context.ts";
import { keysBothWays, watch, type Watch } from "../reconciler/start-reconciler.ts";
import { observePod, type Expectations } from "./expectations.ts";

/**
 * Watches what every controller of pods watches: the owners, and the pods for the owners that they concern. What was expected of
 * an owner is forgotten when it goes, and told when a pod fulfils it, both before the owner is worked on.
 */
export function watchOwnersAndPods<T extends KubeObject>(options: {
  readonly owners: Informer<T>;
  readonly pods: Informer<Pod>;
  readonly expectations: Expectations;
  /** The keys of the owners that a pod concerns. */
  readonly ownersOf: (pod: Pod) => readonly string[];
  /** Forgets what else is remembered of an owner that is gone. */
  readonly forget?: (owner: T) => void;
  /** Notes what else a pod's change tells. */
  readonly observe?: (change: Change<Pod>) => void;
}): Watch[] {
  const { owners, pods, expectations, ownersOf, forget, observe } = options;
  return [
    watch(owners, ({ type, object }) => {
      if (type === "deleted") {
        expectations.forget(object.metadata.uid ?? "");
        forget?.(object);
      }
      return [keyOf(object)];
    }),
    watch(pods, (change) => {
      observePod(expectations, change);
      observe?.(change);
      return keysBothWays(change, ownersOf);
    }),
  ];
}
