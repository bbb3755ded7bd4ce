/** A line that stays, goes or comes. */
export interface ScriptLine {
  readonly mark: " " | "-" | "+";
  readonly line: string;
}

/** So many changed lines are told one by one; beyond that all of them go and come. */
const mostChanges = 2_000;

/** The shortest way from some lines to others: Myers, An O(ND) Difference Algorithm (1986). */
export function lineScript(before: readonly string[], after: readonly string[]): ScriptLine[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  const shorter = Math.min(before.length, after.length);
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const middle = shortest(before.slice(start, before.length - end), after.slice(start, after.length - end));
  return [
    ...marked(" ", before.slice(0, start)),
    ...middle,
    ...marked(" ", before.slice(before.length - end)),
  ];
}

/** The lines of a text, each with its line end. */
export function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function marked(mark: ScriptLine["mark"], lines: readonly string[]): ScriptLine[] {
  return lines.map((line) => ({ mark, line }));
}

function shortest(before: readonly string[], after: readonly string[]): ScriptLine[] {
  const trace: Map<number, number>[] = [];
  let reach = new Map([[1, 0]]);
  const most = Math.min(before.length + after.length, mostChanges);
  for (let changes = 0; changes <= most; changes += 1) {
    trace.push(reach);
    const next = new Map<number, number>();
    for (let diagonal = -changes; diagonal <= changes; diagonal += 2) {
      let x = isDown(reach, diagonal, changes)
        ? (reach.get(diagonal + 1) ?? 0)
        : (reach.get(diagonal - 1) ?? 0) + 1;
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x += 1;
      next.set(diagonal, x);
      if (x >= before.length && x - diagonal >= after.length) return backtrack(before, after, trace);
    }
    reach = next;
  }
  return [...marked("-", before), ...marked("+", after)];
}

function isDown(reach: ReadonlyMap<number, number>, diagonal: number, changes: number): boolean {
  if (diagonal === -changes) return true;
  return diagonal !== changes && (reach.get(diagonal - 1) ?? -1) < (reach.get(diagonal + 1) ?? -1);
}

function backtrack(
  before: readonly string[],
  after: readonly string[],
  trace: readonly ReadonlyMap<number, number>[],
): ScriptLine[] {
  const script: ScriptLine[] = [];
  let [x, y] = [before.length, after.length];
  for (let changes = trace.length - 1; changes >= 0; changes -= 1) {
    const reach = trace[changes]!;
    const diagonal = x - y;
    const down = isDown(reach, diagonal, changes);
    const from = down ? diagonal + 1 : diagonal - 1;
    const [beforeX, beforeY] = changes === 0 ? [0, 0] : [reach.get(from) ?? 0, (reach.get(from) ?? 0) - from];
    for (; x > beforeX && y > beforeY; x -= 1, y -= 1) script.push({ mark: " ", line: before[x - 1]! });
    if (changes === 0) break;
    if (down) script.push({ mark: "+", line: after[y - 1]! });
    else script.push({ mark: "-", line: before[x - 1]! });
    [x, y] = [beforeX, beforeY];
  }
  return script.reverse();
}
