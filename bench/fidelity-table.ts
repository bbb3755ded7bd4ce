/**
 * Prints the table of docs/fidelity.md: failures per termination, and when they fell, by client, class and target.
 *
 * usage: node bench/fidelity-table.ts NAME=VERDICT.json,VERDICT.json… NAME=…
 *
 * Each file is what `seaworthy trial … --output json` printed. NAME is a column, for example `real` or `embedded`.
 */
import { readFileSync } from "node:fs";

interface Verdict {
  readonly terminations: number;
  readonly verdict: string;
  readonly requests: { readonly scheduled: number };
  readonly failures: readonly {
    class: string;
    client: string;
    target: string;
    sinceDeletionMs: number | null;
  }[];
}

interface Column {
  readonly name: string;
  readonly runs: readonly Verdict[];
}

const columns: Column[] = process.argv.slice(2).map((argument) => {
  const [name = "", files = ""] = argument.split("=");
  return { name, runs: files.split(",").map((file) => JSON.parse(readFileSync(file, "utf8")) as Verdict) };
});

const keyOf = (failure: Verdict["failures"][number]): string =>
  `${failure.target} | ${failure.client} | ${failure.class}`;
const keys = [
  ...new Set(columns.flatMap(({ runs }) => runs.flatMap((run) => run.failures.map(keyOf)))),
].sort();

print([
  "target",
  "client",
  "class",
  ...columns.map(({ name }) => `${name}: per termination (median, p95 ms since deletion)`),
]);
print(["---", "---", "---", ...columns.map(() => "---")]);
for (const key of keys)
  print([...key.split(" | "), ...columns.map((column) => cell(column, (failure) => keyOf(failure) === key))]);
print(["**all**", "", "", ...columns.map((column) => cell(column, () => true))]);
print([
  "runs, terminations, requests, verdicts",
  "",
  "",
  ...columns.map(({ runs }) =>
    [
      runs.length,
      sum(runs.map((run) => run.terminations)),
      sum(runs.map((run) => run.requests.scheduled)),
      [...new Set(runs.map((run) => run.verdict))].join("+"),
    ].join(", "),
  ),
]);

function cell({ runs }: Column, wanted: (failure: Verdict["failures"][number]) => boolean): string {
  const failures = runs.flatMap((run) => run.failures.filter(wanted));
  const times = failures
    .flatMap(({ sinceDeletionMs }) => (sinceDeletionMs === null ? [] : [sinceDeletionMs]))
    .sort((a, b) => a - b);
  const perTermination = failures.length / Math.max(1, sum(runs.map((run) => run.terminations)));
  if (failures.length === 0) return "0";
  return `${perTermination.toFixed(2)} (${quantile(times, 0.5)}, ${quantile(times, 0.95)})`;
}

function quantile(sorted: readonly number[], share: number): string {
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return value === undefined ? "–" : String(Math.round(value));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function print(cells: readonly string[]): void {
  process.stdout.write(`| ${cells.join(" | ")} |\n`);
}
