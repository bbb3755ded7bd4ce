const glyphs = "▁▂▃▄▅▆▇█";

/** Values as a row of bars, the largest at full height. */
export function sparkline(values: readonly number[]): string {
  const top = Math.max(...values, Number.MIN_VALUE);
  return values.map((value) => glyphs[Math.min(7, Math.floor((value / top) * 7.99))]).join("");
}

/** Takes a value in at the end of a row of at most so many. */
export function pushValue(history: number[], value: number, most: number): void {
  history.push(value);
  if (history.length > most) history.shift();
}
