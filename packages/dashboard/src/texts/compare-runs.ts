import { countText, msText } from "@seaworthy/load";
import type { SavedRun } from "../report/saved-run.ts";
import { lostOf, lostStreams, type StreamsVerdict } from "@seaworthy/trial";
import { headings } from "../report/words.ts";
import { markdownTable } from "./summary-markdown.ts";

/** Two runs side by side: each row has what is compared, then the older value and the newer one. */
export interface Comparison {
  readonly headline: string;
  readonly rows: readonly (readonly [what: string, before: string, after: string])[];
  /** Lost requests by cause; of more causes than fit, the rest in one row. */
  readonly causes: readonly (readonly [cause: string, before: string, after: string])[];
  /** Whether the later run loses requests, or pods end badly in it. */
  readonly leaks: boolean;
}

/** A comment in a pull request stays short. */
const mostCauses = 8;

/** Compares two runs of a service. */
export function compareRuns(before: SavedRun, after: SavedRun): Comparison {
  const row = (what: string, of: (run: SavedRun) => string) => [what, of(before), of(after)] as const;
  return {
    headline: `${headings[after.verdict]}: ${countText(lostOf(after))} requests lost, was ${countText(lostOf(before))}`,
    rows: [
      row("verdict", ({ verdict }) => headings[verdict]),
      row("requests lost", (run) => `${countText(lostOf(run))} of ${countText(run.requests.scheduled)}`),
      row("pods ended", ({ terminations }) => countText(terminations)),
      row("lost per pod end", (run) =>
        run.terminations === 0 ? "–" : (lostOf(run) / run.terminations).toFixed(2),
      ),
      ...streamRows(before, after),
      row("latency p50", ({ latency }) => msText(latency.p50Ms)),
      row("latency p99", ({ latency }) => msText(latency.p99Ms)),
      row("latency p99.9", ({ latency }) => msText(latency.p999Ms)),
      row("latency max", ({ latency }) => msText(latency.maxMs)),
    ],
    causes: causeRows(before, after),
    leaks: after.verdict === "leaking",
  };
}

/** Streams that were held; an older file may be of a time when none could be. */
function streamRows(before: SavedRun, after: SavedRun): Comparison["rows"] {
  if (before.streams === undefined && after.streams === undefined) return [];
  const of = ({ streams }: SavedRun, text: (streams: StreamsVerdict) => string) =>
    streams === undefined ? "–" : text(streams);
  const row = (what: string, text: (streams: StreamsVerdict) => string) =>
    [what, of(before, text), of(after, text)] as const;
  return [
    row(
      "streams broken",
      (streams) => `${countText(lostStreams(streams))}, ${countText(streams.held)} held at a time`,
    ),
    row("streams announced", ({ announced }) => countText(announced)),
    row("longest without", ({ longestWithoutMs }) => msText(longestWithoutMs)),
  ];
}

function causeRows(before: SavedRun, after: SavedRun): (readonly [string, string, string])[] {
  const [old, now] = [lostBy(before), lostBy(after)];
  const names = [...new Set([...now.keys(), ...old.keys()])].toSorted(
    (left, right) =>
      Math.max(now.get(right) ?? 0, old.get(right) ?? 0) - Math.max(now.get(left) ?? 0, old.get(left) ?? 0),
  );
  const sum = (lost: ReadonlyMap<string, number>, of: readonly string[]) =>
    countText(of.reduce((total, name) => total + (lost.get(name) ?? 0), 0));
  const rows = names.slice(0, mostCauses).map((name) => [name, sum(old, [name]), sum(now, [name])] as const);
  const rest = names.slice(mostCauses);
  return rest.length === 0 ? rows : [...rows, ["others", sum(old, rest), sum(now, rest)] as const];
}

function lostBy({ causes }: SavedRun): Map<string, number> {
  const lost = new Map<string, number>();
  for (const { cause, count } of causes) lost.set(cause, (lost.get(cause) ?? 0) + count);
  return lost;
}

/** A comparison as columns for a terminal. */
export function comparisonText({ headline, rows, causes }: Comparison): string {
  const all = [
    ["", "before", "after"],
    ...rows,
    ...causes.map(([cause, ...counts]) => [`lost: ${cause}`, ...counts]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) =>
    `${row[0]!.padEnd(widths[0]!)}  ${row[1]!.padStart(widths[1]!)}  ${row[2]!.padStart(widths[2]!)}`;
  return `${all.map((row) => line(row)).join("\n")}\n\n${headline}\n`;
}

/** A comparison for a pull request, in 25 lines at most. */
export function comparisonMarkdown({ headline, rows, causes }: Comparison): string {
  const lost = causes.map(([cause, ...counts]) => [`lost: ${cause}`, ...counts]);
  return `### ${headline}\n\n${markdownTable(["", "before", "after"], [...rows, ...lost])}\n`;
}
