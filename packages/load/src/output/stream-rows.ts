import type { LoadReport } from "../measure/load-report.ts";
import type { StreamReport } from "../measure/stream-end.ts";
import { countText, durationText } from "./number-text.ts";

/** `24 streams: 18 ended with an announcement, 6 broken`; undefined where none was held. */
export function streamLine(streams: readonly StreamReport[]): string | undefined {
  if (streams.length === 0) return undefined;
  const sum = (count: (each: StreamReport) => number) =>
    countText(streams.reduce((all, each) => all + count(each), 0));
  const unopened = streams.filter(({ opened }) => opened === 0);
  const why = unopened.map(({ target, path, refusal }) => `${target} ${path} (${refusal ?? "no answer"})`);
  return [
    `${sum(({ connections }) => connections)} streams: ${sum(({ announced }) => announced)} ended with an announcement, ${sum(({ broken }) => broken)} broken`,
    ...(unopened.length === 0 ? [] : [`none could be opened at ${why.join(", ")}`]),
  ].join("; ");
}

/** Streams that were broken, or of which none could be opened: what makes a run fail. */
export function brokenStreams({ streams }: Pick<LoadReport, "streams">): number {
  return streams.reduce(
    (sum, { broken, opened, connections }) => sum + (opened === 0 ? connections : broken),
    0,
  );
}

/** The titles of {@link streamRows}. */
export const streamTitles = [
  "streams",
  "held",
  "opened",
  "announced",
  "broken",
  "refused",
  "longest without",
];

/** A line for each kind of stream at each target. */
export function streamRows(streams: readonly StreamReport[]): string[][] {
  return streams.map((each) => [
    `${each.kind} ${each.target} ${each.path}`,
    ...[each.connections, each.opened, each.announced, each.broken, each.refused].map((count) =>
      countText(count),
    ),
    durationText(Math.round(each.longestWithoutMs)),
  ]);
}
