import { ApiError, type KubeClient } from "@seaworthy/client";
import type { KubeObject, ServedType } from "@seaworthy/kube";
import type { Clock } from "../clock.ts";
import { wait } from "../wait.ts";
import type { Truth } from "./truth.ts";

/** A client that lists, watches and resumes, and throws when it is told anything that is not so. */
export interface Follower {
  readonly state: ReadonlyMap<string, string>;
  /** The newest revision that it knows. */
  readonly revision: number;
  readonly done: Promise<void>;
}

/** Starts to follow a collection; ends with the signal. */
export function follow(
  client: KubeClient,
  type: ServedType,
  truth: Truth,
  clock: Clock,
  signal: AbortSignal,
): Follower {
  const state = new Map<string, string>();
  let revision = 0;
  let isListed = false;

  async function list(): Promise<void> {
    const { items, resourceVersion } = await client.list(type);
    advance(Number(resourceVersion), "a list");
    state.clear();
    for (const item of items) state.set(keyOf(item), item.metadata.resourceVersion ?? "");
    isListed = true;
  }

  function advance(to: number, what: string): void {
    if (to < revision) throw new Error(`${what} of ${type.plural} goes back from ${revision} to ${to}`);
    revision = to;
  }

  function take(event: string, object: KubeObject): void {
    const at = Number(object.metadata.resourceVersion);
    if (event === "BOOKMARK") {
      const missed = truth.missed(revision, at);
      if (missed !== undefined) throw new Error(`a bookmark at ${at} of ${type.plural} hides ${missed.text}`);
      return advance(at, "a bookmark");
    }
    const text = textOfEvent(event, object);
    const possible = truth.after(revision).map((fact) => fact.text);
    if (!possible.includes(text))
      throw new Error(`${type.plural} after ${revision}: ${text} instead of ${possible.join(" or ")}`);
    advance(at, "an event");
    if (event === "DELETED") state.delete(keyOf(object));
    else state.set(keyOf(object), String(at));
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        if (!isListed) await list();
        const options = { resourceVersion: String(revision), signal };
        for await (const { type: event, object } of client.watch(type, options)) {
          if (event === "ERROR") throw new ApiError(object, Number(object["code"]), "watch");
          take(event, object);
        }
      } catch (error) {
        if (error instanceof ApiError) isListed &&= error.httpCode !== 410;
        else if ((error as { code?: string }).code !== "SW3002" && !/ECONNRESET/.test(String(error)))
          throw error;
      }
      await wait(clock, 100, aborted(signal));
    }
  }
  return {
    state,
    get revision() {
      return revision;
    },
    done: run(),
  };
}

/** How an event is written in a `Truth`. */
export function textOfEvent(type: string, { metadata }: KubeObject): string {
  return `${type} ${keyOf({ metadata })}@${metadata.resourceVersion}`;
}

function keyOf({ metadata }: Pick<KubeObject, "metadata">): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
