import type { Reported } from "@seaworthy/check";
import { formatTold, type Telling } from "./format-told.ts";
import type { Paint } from "./paint.ts";

/** What was looked at. */
export interface CheckedCounts {
  readonly objects: number;
  readonly files: number;
  readonly rules: number;
  readonly profile: string;
}

const styles: Readonly<Record<Reported["severity"], Parameters<Paint>[0]>> = {
  error: ["bold", "red"],
  warning: ["bold", "yellow"],
  advice: ["bold", "cyan"],
};

/** The findings for people: what a rule is about is told where it is broken first. */
export function findingsText(findings: readonly Reported[], telling: Telling): string {
  const told = new Set<string>();
  return findings
    .map((finding) => {
      const isKnown = told.has(`${finding.rule} ${finding.why}`);
      told.add(`${finding.rule} ${finding.why}`);
      return findingText(isKnown ? { ...finding, why: undefined } : finding, telling);
    })
    .join("\n");
}

function findingText({ rule, severity, message, ...details }: Reported, telling: Telling): string {
  const heading = telling.paint(styles[severity], `${severity}[${rule}]`);
  return formatTold({ heading, message, details }, telling);
}

/** The last lines: how many findings of each kind, and in how much. */
export function checkSummary(findings: readonly Reported[], counts: CheckedCounts, paint: Paint): string {
  const { objects, files, rules, profile } = counts;
  const looked = `${number(objects, "object")} in ${number(files, "file")}, ${number(rules, "rule")} (profile ${profile})`;
  if (findings.length === 0) return `${paint(["bold", "green"], "✔ nothing found")}   ${looked}\n`;
  const of = (severity: Reported["severity"]) => findings.filter((each) => each.severity === severity).length;
  const parts = [
    [of("error"), "error"],
    [of("warning"), "warning"],
    [of("advice"), "piece of advice", "pieces of advice"],
  ] as const;
  const found = parts.filter(([count]) => count > 0).map(([count, one, more]) => number(count, one, more));
  return `${paint("bold", found.join(", "))}   ${looked}\n`;
}

function number(count: number, one: string, more = `${one}s`): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? one : more}`;
}
