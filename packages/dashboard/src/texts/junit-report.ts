import { escapeHtml } from "@seaworthy/load";
import type { SavedRun } from "../report/saved-run.ts";

/** A run for readers of JUnit's XML: a case for each scenario, and one for how pods end. A run that proves nothing is an error. */
export function junitReport(run: SavedRun): string {
  const causes = run.causes
    .map(({ cause, count, advice }) => `${count}x ${cause}: ${advice.why}\nfix: ${advice.text}`)
    .join("\n\n");
  const scenarios = run.scenarios.map(({ name, verdict, why, startedAt, endedAt, notes = [] }) => {
    const seconds = (Date.parse(endedAt) - Date.parse(startedAt)) / 1_000;
    // What was seen beside the requests stands below the outcome, as the schema of JUnit has it.
    const seen = notes.length === 0 ? "" : `<system-out>${escaped(notes.join("\n"))}</system-out>`;
    if (verdict === "leaking")
      return testCase(name, seconds, outcome("failure", why ?? "requests were lost", causes) + seen);
    if (verdict === "invalid")
      return testCase(name, seconds, outcome("error", why ?? "the run proves nothing", "") + seen);
    const unproven = run.verdict === "unproven" ? outcome("error", run.why ?? "too few pods ended", "") : "";
    return testCase(name, seconds, unproven + seen);
  });
  const findings = run.findings.filter(({ denies }) => denies);
  const ends = findings.map(({ id, text, advice }) =>
    outcome("failure", `${id}: ${text}`, `fix: ${advice.text}`),
  );
  const cases = [
    ...scenarios,
    ...(ends.length === 0
      ? // Where no pod was asked to end, nobody saw how they do.
        run.terminations === 0
        ? []
        : [testCase("how pods end", 0, "")]
      : ends.map((end, at) => testCase(`how pods end: ${findings[at]!.id}`, 0, end))),
  ];
  const count = (tag: string) => cases.filter((each) => each.includes(`<${tag} `)).length;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="seaworthy trial">\n  <testsuite name="seaworthy trial" tests="${cases.length}" failures="${count("failure")}" errors="${count("error")}" skipped="0">\n${cases.join("\n")}\n  </testsuite>\n</testsuites>\n`;
}

function testCase(name: string, seconds: number, inner: string): string {
  return `    <testcase name="${escaped(name)}" classname="seaworthy.trial" time="${seconds.toFixed(3)}"${inner === "" ? "/>" : `>${inner}</testcase>`}`;
}

function outcome(tag: "failure" | "error", message: string, text: string): string {
  return `<${tag} message="${escaped(message).replaceAll("\n", "&#10;")}">${escaped(text)}</${tag}>`;
}

/** XML has no place for most control characters, not even escaped (https://www.w3.org/TR/xml/#NT-Char). */
function escaped(text: string): string {
  return escapeHtml(
    text.replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "\u{FFFD}"),
  );
}
