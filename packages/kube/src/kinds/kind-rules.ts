import type { Kind, KindRules } from "./kind.ts";

/** Reads the rules of a kind that are read late. Undefined when they are there, so that nobody waits for nothing. */
export function loadRules({ loadRules: load }: Kind): Promise<void> | undefined {
  return load === undefined || loaded.has(load) ? undefined : remember(load);
}

/** The rules of a kind. Those that are read late must have been read. */
export function rulesOf(kind: Kind): KindRules {
  const { loadRules: load } = kind;
  if (load === undefined) return kind;
  const rules = loaded.get(load);
  if (rules === undefined) throw new TypeError(`the rules of ${kind.kind} have not been read`);
  return rules;
}

type Load = NonNullable<Kind["loadRules"]>;

/** By the function that reads them, which all versions of a kind have in common. */
const loaded = new WeakMap<Load, KindRules>();

async function remember(load: Load): Promise<void> {
  loaded.set(load, await load());
}
