/** The nearest of some words to a mistyped one, when one is near enough to be meant. */
export function suggest(word: string, known: readonly string[]): string | undefined {
  const [begun, ...others] = known.filter((each) => word.length >= 2 && each.startsWith(word));
  if (begun !== undefined && others.length === 0) return begun;
  const scored = known.map((each) => ({
    each,
    distance: editDistance(word.toLowerCase(), each.toLowerCase()),
  }));
  const [best] = scored.toSorted((left, right) => left.distance - right.distance);
  if (best === undefined) return undefined;
  return best.distance <= Math.max(1, Math.floor(best.each.length / 3)) ? best.each : undefined;
}

/** Optimal string alignment: insertions, deletions, replacements and swaps of neighbours count one each. */
function editDistance(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1] ? 0 : 1;
      let best = Math.min(
        rows[row - 1]![column]! + 1,
        current[column - 1]! + 1,
        rows[row - 1]![column - 1]! + same,
      );
      const swapped =
        row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (swapped) best = Math.min(best, rows[row - 2]![column - 2]! + 1);
      current.push(best);
    }
    rows.push(current);
  }
  return rows[from.length]![to.length]!;
}
