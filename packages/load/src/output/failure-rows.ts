import type { LoadReport } from "../measure/load-report.ts";
import { failureClasses, type FailureClass } from "../measure/outcome.ts";

/** One class of failure: how often, on which connections, and what the system said. */
export interface FailureRow {
  readonly class: FailureClass;
  /** All failures of the class, also those of which no record was kept. */
  readonly count: number;
  /** The kept failures on a connection that had carried an earlier request (`reused`), and on a new one (`fresh`). */
  readonly reused: number;
  readonly fresh: number;
  /** The texts that came with the failures, the most frequent first, two at most. */
  readonly details: readonly string[];
}

/** The classes that were met, the most frequent first. */
export function failureRows({ classes, failures }: LoadReport): FailureRow[] {
  return failureClasses
    .filter((name) => (classes[name] ?? 0) > 0)
    .map((name) => {
      const kept = failures.filter((failure) => failure.class === name);
      const reused = kept.filter((failure) => failure.reusedConnection).length;
      const details = kept.map(
        (failure) =>
          failure.detail ?? (failure.status === undefined ? undefined : `status ${failure.status}`),
      );
      return {
        class: name,
        count: classes[name] ?? 0,
        reused,
        fresh: kept.length - reused,
        details: mostFrequent(details).slice(0, 2),
      };
    })
    .sort((left, right) => right.count - left.count);
}

function mostFrequent(texts: readonly (string | undefined)[]): string[] {
  const times = new Map<string, number>();
  for (const text of texts) if (text !== undefined) times.set(text, (times.get(text) ?? 0) + 1);
  return [...times].sort(([, left], [, right]) => right - left).map(([text]) => text);
}
