/**
 * The difference of two texts as go-difflib writes it, with three lines around each change and without names of files.
 * Python's difflib in Go: https://github.com/pmezard/go-difflib
 */
export function unifiedDiff(before: string, after: string): string {
  const a = before.split("\n");
  const b = after.split("\n");
  return groupsOf(changesOf(a, b))
    .map((group) => formatGroup(group, a, b))
    .join("");
}

interface Change {
  readonly isEqual: boolean;
  /** From `a[fromA]` to before `a[toA]`; the same in `b`. */
  readonly fromA: number;
  readonly toA: number;
  readonly fromB: number;
  readonly toB: number;
}

interface Match {
  readonly a: number;
  readonly b: number;
  readonly size: number;
}

const around = 3;

function formatGroup(group: readonly Change[], a: readonly string[], b: readonly string[]): string {
  const [first, last] = [group[0], group.at(-1)];
  if (first === undefined || last === undefined) return "";
  const lines = group.flatMap(({ isEqual, fromA, toA, fromB, toB }) => {
    if (isEqual) return a.slice(fromA, toA).map((line) => ` ${line}`);
    const gone = a.slice(fromA, toA).map((line) => `-${line}`);
    return [...gone, ...b.slice(fromB, toB).map((line) => `+${line}`)];
  });
  const head = `@@ -${formatRange(first.fromA, last.toA)} +${formatRange(first.fromB, last.toB)} @@`;
  return [head, ...lines].map((line) => `${line}\n`).join("");
}

function formatRange(from: number, to: number): string {
  const length = to - from;
  if (length === 1) return String(from + 1);
  return `${length === 0 ? from : from + 1},${length}`;
}

/** Cuts the changes where more lines are equal than are shown. */
function groupsOf(changes: readonly Change[]): Change[][] {
  const groups: Change[][] = [];
  let group: Change[] = [];
  for (const [index, change] of changes.entries()) {
    if (!change.isEqual) {
      group.push(change);
      continue;
    }
    const { fromA, toA, fromB, toB } = change;
    const begin = { ...change, toA: Math.min(toA, fromA + around), toB: Math.min(toB, fromB + around) };
    const end = { ...change, fromA: Math.max(fromA, toA - around), fromB: Math.max(fromB, toB - around) };
    if (index === 0) {
      group.push(end);
    } else if (index === changes.length - 1) {
      group.push(begin);
    } else if (toA - fromA > 2 * around) {
      groups.push([...group, begin]);
      group = [end];
    } else {
      group.push(change);
    }
  }
  groups.push(group);
  return groups.filter((one) => one.some(({ isEqual }) => !isEqual));
}

function changesOf(a: readonly string[], b: readonly string[]): Change[] {
  const changes: Change[] = [];
  let [i, j] = [0, 0];
  for (const match of [...matchesOf(a, b), { a: a.length, b: b.length, size: 0 }]) {
    if (i < match.a || j < match.b)
      changes.push({ isEqual: false, fromA: i, toA: match.a, fromB: j, toB: match.b });
    [i, j] = [match.a + match.size, match.b + match.size];
    if (match.size > 0) changes.push({ isEqual: true, fromA: match.a, toA: i, fromB: match.b, toB: j });
  }
  return changes;
}

/** The longest run of equal lines, then the same before and after it; runs that touch are one. */
function matchesOf(a: readonly string[], b: readonly string[]): Match[] {
  const places = placesOf(b);
  const matches: Match[] = [];
  const waiting: [fromA: number, toA: number, fromB: number, toB: number][] = [[0, a.length, 0, b.length]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [fromA, toA, fromB, toB] = next;
    const match = longestMatch(a, b, places, fromA, toA, fromB, toB);
    if (match.size === 0) continue;
    matches.push(match);
    if (fromA < match.a && fromB < match.b) waiting.push([fromA, match.a, fromB, match.b]);
    const [endA, endB] = [match.a + match.size, match.b + match.size];
    if (endA < toA && endB < toB) waiting.push([endA, toA, endB, toB]);
  }
  const joined: Match[] = [];
  for (const match of matches.toSorted((left, right) => left.a - right.a)) {
    const last = joined.at(-1);
    if (last !== undefined && last.a + last.size === match.a && last.b + last.size === match.b)
      joined[joined.length - 1] = { ...last, size: last.size + match.size };
    else joined.push(match);
  }
  return joined;
}

/** Where each line is in a text; in a long one lines that are there often do not count. */
function placesOf(lines: readonly string[]): Map<string, number[]> {
  const places = new Map<string, number[]>();
  for (const [index, line] of lines.entries()) {
    const known = places.get(line);
    if (known === undefined) places.set(line, [index]);
    else known.push(index);
  }
  const most = Math.floor(lines.length / 100) + 1;
  if (lines.length < 200) return places;
  return new Map([...places].filter(([, indices]) => indices.length <= most));
}

function longestMatch(
  a: readonly string[],
  b: readonly string[],
  places: ReadonlyMap<string, readonly number[]>,
  fromA: number,
  toA: number,
  fromB: number,
  toB: number,
): Match {
  let best: Match = { a: fromA, b: fromB, size: 0 };
  let lengths = new Map<number, number>();
  for (let i = fromA; i < toA; i += 1) {
    const next = new Map<number, number>();
    for (const j of places.get(a[i] ?? "") ?? []) {
      if (j < fromB) continue;
      if (j >= toB) break;
      const size = (lengths.get(j - 1) ?? 0) + 1;
      next.set(j, size);
      if (size > best.size) best = { a: i - size + 1, b: j - size + 1, size };
    }
    lengths = next;
  }
  let { a: beginA, b: beginB, size } = best;
  while (beginA > fromA && beginB > fromB && a[beginA - 1] === b[beginB - 1])
    [beginA, beginB, size] = [beginA - 1, beginB - 1, size + 1];
  while (beginA + size < toA && beginB + size < toB && a[beginA + size] === b[beginB + size]) size += 1;
  return { a: beginA, b: beginB, size };
}
