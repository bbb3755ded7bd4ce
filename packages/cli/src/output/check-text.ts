import { countFixes, type CheckResult, type Reported } from "@seaworthy/check";
import { breakParts } from "./break-parts.ts";
import { formatTold, type Telling } from "./format-told.ts";
import type { Paint } from "./paint.ts";

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

/** The last lines: how many findings of each kind, in how much, and what is not told. */
export function checkSummary(result: CheckResult, { paint, width = Infinity }: Telling): string {
  const { findings, failures, fixed, objects, files, texts, cluster, rules, profile, ignored, known, gone } =
    result;
  const looked = `${number(objects, "object")} in ${cluster ?? number(files.length, "file")}, ${number(rules.length, "rule")} (profile ${profile})`;
  // Nothing is written into a cluster, into what is rendered, or into stdin.
  const { safe, unsafe } = countFixes(findings, texts);
  const mended = [
    ...(fixed.length > 0 ? [`${fixed.length} mended`] : []),
    ...(safe > 0 ? [`${safe} can be mended by --fix`] : []),
    ...(unsafe > 0 ? [`${unsafe}${safe > 0 ? " more" : ""} by --fix --unsafe`] : []),
  ];
  const untold = [
    ...(ignored.length > 0 ? [`${ignored.length} ignored`] : []),
    ...(known > 0 ? [`${known} known from the baseline`] : []),
    ...(gone > 0 ? [`${gone} of the baseline gone: --write-baseline forgets them`] : []),
  ];
  const isClean = findings.length === 0 && failures.length === 0;
  const found = isClean ? "✔ nothing found" : countsText(findings) || foundBesideFailures(objects);
  const lines = [`${found}   ${looked}`, mended.join(", "), untold.join(", ")]
    .filter((line) => line !== "")
    .flatMap((line) => breakParts(line.split(" "), " ", width));
  const painted = paint(isClean ? ["bold", "green"] : "bold", found);
  return `${painted}${lines.join("\n").slice(found.length)}\n`;
}

/** Where something could not be read, and nothing is wrong with the rest, if there is any. */
function foundBesideFailures(objects: number): string {
  return objects === 0 ? "nothing was looked at" : "nothing found in what could be read";
}

/** `1 error, 7 warnings`; empty without any. */
export function countsText(findings: readonly Reported[]): string {
  const of = (severity: Reported["severity"]) => findings.filter((each) => each.severity === severity).length;
  const parts = [
    [of("error"), "error"],
    [of("warning"), "warning"],
    [of("advice"), "piece of advice", "pieces of advice"],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .map(([count, one, more]) => number(count, one, more))
    .join(", ");
}

/** A number with its noun. It groups the digits itself, since Node's own way of it takes as long as a check of a file. */
export function number(count: number, one: string, more = `${one}s`): string {
  return `${String(count).replace(/\B(?=(?:\d{3})+$)/g, ",")} ${count === 1 ? one : more}`;
}
