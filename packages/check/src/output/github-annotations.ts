import type { Reported } from "../run/reported.ts";
import { placeInText } from "./check-result.ts";

/** GitHub shows this many of each kind for a step, and hides the rest without a word. */
const mostOfAKind = 10;

const commands = { error: "error", warning: "warning", advice: "notice" } as const;

/**
 * Findings as annotations of a GitHub workflow: the first ones of each rule before further ones, and where there are more
 * than GitHub shows, the last one says how many are missing.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export function githubAnnotations(findings: readonly Reported[]): string {
  const lines = (["error", "warning", "advice"] as const).flatMap((severity) => {
    const own = broadFirst(findings.filter((each) => each.severity === severity));
    if (own.length <= mostOfAKind) return own.map(annotation);
    const shown = own.slice(0, mostOfAKind - 1);
    const more = own.length - shown.length;
    return [
      ...shown.map(annotation),
      `::${commands[severity]} title=and ${more} more::GitHub shows ${mostOfAKind} of a kind; the step's output has all of them`,
    ];
  });
  return lines.map((line) => `${line}\n`).join("");
}

/** One of each rule, then the second ones, and so on: ten times the same would say less. */
function broadFirst(findings: readonly Reported[]): Reported[] {
  const seen = new Map<string, number>();
  const rounds = findings.map((finding) => {
    const round = seen.get(finding.rule) ?? 0;
    seen.set(finding.rule, round + 1);
    return { finding, round };
  });
  return rounds.toSorted((left, right) => left.round - right.round).map(({ finding }) => finding);
}

function annotation(finding: Reported): string {
  const { rule, severity, message, object, next } = finding;
  const place = placeInText(finding);
  const properties = [
    ...(place === undefined
      ? []
      : [
          `file=${property(place.file)}`,
          `line=${place.line}`,
          `col=${place.column}`,
          `endColumn=${place.column + (place.length ?? 1)}`,
        ]),
    `title=${property(rule)}`,
  ];
  const text = [`${message}${object === undefined ? "" : ` (${object})`}`, ...next].join("\n");
  return `::${commands[severity]} ${properties.join(",")}::${data(text)}`;
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
