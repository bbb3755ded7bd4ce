import type { LoadReport } from "../measure/load-report.ts";
import type { Outcome } from "../measure/outcome.ts";
import type { LoadPlan } from "../plan/plan.ts";
import { isoTime, rounded } from "./load-report-json.ts";

type Column = readonly [title: string, cell: (failure: Outcome) => string | number | boolean | undefined];

/**
 * Every kept failure as a line of RFC 4180 CSV, with a line of titles. `sentMs` and `durationMs` count from `intendedAt`.
 * A text that a spreadsheet would run as a formula (it begins with = + - @, a tab or a return) gets an apostrophe in
 * front, because names, headers and addresses come from the other side.
 */
export function failuresCsv(report: LoadReport, plan: LoadPlan): string {
  const columns = columnsFor(plan);
  const lines = [
    columns.map(([title]) => title),
    ...report.failures.map((failure) => columns.map(([, cell]) => cell(failure))),
  ];
  return lines.map((line) => `${line.map((value) => cellText(value)).join(",")}\r\n`).join("");
}

function columnsFor({ recordHeaders }: LoadPlan): Column[] {
  return [
    ["intendedAt", ({ intendedAt }) => isoTime(intendedAt)],
    ["sentMs", ({ intendedAt, sentAt }) => rounded(sentAt - intendedAt)],
    ["durationMs", ({ intendedAt, doneAt }) => rounded(doneAt - intendedAt)],
    ["class", (failure) => failure.class],
    ["target", ({ target }) => target],
    ["client", ({ client }) => client],
    ["method", ({ method }) => method],
    ["request", ({ request }) => request],
    ["status", ({ status }) => status],
    ["reusedConnection", ({ reusedConnection }) => reusedConnection],
    ["detail", ({ detail }) => detail],
    ["peer", ({ peer }) => peer],
    ...recordHeaders.flatMap((name): Column[] => [
      [name, ({ headers }) => headers?.[name]],
      [`previous ${name}`, ({ previous }) => previous?.[name]],
    ]),
  ];
}

function cellText(value: string | number | boolean | undefined): string {
  if (typeof value !== "string") return value === undefined ? "" : String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
