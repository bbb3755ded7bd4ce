/** What came of a case with one seed. */
export interface Played extends Named {
  readonly seed: number;
  readonly expected: string;
  readonly verdict: string;
  readonly lost: number;
  readonly unavoidable: number;
  readonly terminations: number;
  /** Each cause of a lost request, and how many it explains: `not-ready-yet 47`. */
  readonly causes: readonly string[];
}

interface Named {
  readonly scenario: string;
  readonly example: string;
  readonly with?: string;
}

/** The verdict of a scenario that a cluster cannot play. */
export const leftOut = "left out";

export function nameOf({ scenario, example, with: also }: Named): string {
  return [scenario, example, also].filter((part) => part !== undefined).join(", ");
}

/** What came of a case, in all of its runs. */
export function summaryOf(all: readonly Played[]): string {
  return [...Map.groupBy(all, ({ verdict }) => verdict)]
    .map(
      ([verdict, runs]) =>
        `${runs.length === 1 ? "" : `${runs.length} × `}${verdict}${numbersOf(verdict, runs)}`,
    )
    .join("; ");
}

function numbersOf(verdict: string, runs: readonly Played[]): string {
  if (verdict === leftOut) return "";
  const range = (count: (run: Played) => number): string =>
    [...new Set([Math.min(...runs.map(count)), Math.max(...runs.map(count))])].join(" to ");
  const unavoidable = range((run) => run.unavoidable);
  const apart = unavoidable === "0" ? "" : `, ${unavoidable} more that no field saves`;
  const ended = range((run) => run.terminations);
  const causes = causesOf(runs);
  return `: ${range((run) => run.lost)} lost${apart}, ${ended} pod${ended === "1" ? "" : "s"} ended${causes === "" ? "" : ` (${causes})`}`;
}

/** How many each cause explains in the mean of the runs, the greatest first. */
function causesOf(runs: readonly Played[]): string {
  const counts = new Map<string, number>();
  for (const cause of runs.flatMap((run) => run.causes)) {
    const [name = "", count = "0"] = cause.split(" ");
    counts.set(name, (counts.get(name) ?? 0) + Number(count) / runs.length);
  }
  return [...counts]
    .toSorted(([, left], [, right]) => right - left)
    .map(([name, mean]) => `${name} ${mean < 1 ? mean.toFixed(1) : mean.toFixed(0)}`)
    .join(", ");
}
