/** What is changed of headers on their way; names in any case. */
export interface HeaderChanges {
  readonly set?: readonly (readonly [name: string, value: string])[];
  /** Added to what is there. */
  readonly add?: readonly (readonly [name: string, value: string])[];
  readonly remove?: readonly string[];
}

/** Headers, as names and values in turn, with the changes made in their order. */
export function changeHeaders(
  raw: readonly string[],
  ...changes: readonly (HeaderChanges | undefined)[]
): readonly string[] {
  let now = raw;
  for (const each of changes) {
    if (each === undefined) continue;
    const { set = [], add = [], remove = [] } = each;
    const gone = new Set([...remove, ...set.map(([name]) => name)].map((name) => name.toLowerCase()));
    now = [...without(now, gone), ...set.flat(), ...add.flat()];
  }
  return now;
}

function without(raw: readonly string[], names: ReadonlySet<string>): string[] {
  return raw.filter((_, index) => !names.has((raw[index - (index % 2)] ?? "").toLowerCase()));
}
