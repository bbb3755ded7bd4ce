/** The name that was probably meant, or undefined when none is within `mostEdits`: for "did you mean". */
export function nearestName(
  name: string,
  candidates: Iterable<string>,
  mostEdits: number = Math.max(1, Math.floor(name.length / 3)),
): string | undefined {
  let nearest: string | undefined;
  let least = mostEdits + 1;
  const written = name.toLowerCase();
  for (const candidate of candidates) {
    // As many edits as one is longer than the other there are at least.
    if (Math.abs(written.length - candidate.toLowerCase().length) >= least) continue;
    const distance = distanceBetween(written, candidate.toLowerCase());
    if (distance < least) [nearest, least] = [candidate, distance];
  }
  return nearest;
}

/** Edits from one word to another, where swapping two neighbours counts as one (optimal string alignment). */
function distanceBetween(a: string, b: string): number {
  let [beforeLast, last]: [number[], number[]] = [
    [],
    Array.from({ length: b.length + 1 }, (_, index) => index),
  ];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + change);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwap) cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length] ?? 0;
}
