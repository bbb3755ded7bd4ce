import type { Informer } from "@seaworthy/client";
import { deepEqual, type KubeObject } from "@seaworthy/kube";

/** What there is to be seen of the objects of a type. */
export interface Seen<Value> {
  values(): Value[];
  /** Calls back whenever something else is to be seen. Returns what ends that. */
  onChange(listener: () => void): () => void;
}

/**
 * Looks at each object when it comes and when it changes, and not at all of them whenever one changes: there may be thousands of
 * pods and nodes, and they tell of themselves all the time. Of what looks like undefined there is nothing to be seen.
 */
export function seeEach<T extends KubeObject, Value>(
  informer: Pick<Informer<T>, "list" | "onChange">,
  look: (object: T) => Value | undefined,
): Seen<Value> {
  const seen = new Map<string, Value>();
  const listeners = new Set<() => void>();

  function see({ metadata }: T, value: Value | undefined): void {
    const key = `${metadata.namespace ?? ""}/${metadata.name}`;
    if (deepEqual(seen.get(key), value)) return;
    if (value === undefined) seen.delete(key);
    else seen.set(key, value);
    for (const listener of listeners) listener();
  }

  for (const object of informer.list()) see(object, look(object));
  informer.onChange(({ type, object }) => see(object, type === "deleted" ? undefined : look(object)));
  return {
    values: () => [...seen.values()],
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
