import type { Reported } from "../run/reported.ts";
import { placeInText, type CheckResult } from "./check-result.ts";

/** The result for readers of JUnit's XML: a suite for each file, a failed case for each finding, one that passes for a clean file. */
export function junit({ files, findings, ignored, failures }: CheckResult): string {
  const byFile = Map.groupBy(findings, ({ place }) => place?.file ?? "");
  const ignoredIn = Map.groupBy(ignored, ({ place }) => place?.file ?? "");
  const names = new Set([...files, ...byFile.keys(), ...ignoredIn.keys()]);
  const suites = [...names].map((name) => {
    const own = byFile.get(name) ?? [];
    const skipped = (ignoredIn.get(name) ?? []).map(
      (each) => `    <testcase ${caseOf(each)}><skipped${attribute("message", each.reason)}/></testcase>`,
    );
    const cases = [...own.map(failedCase), ...skipped];
    if (cases.length === 0)
      cases.push(`    <testcase${attribute("name", "nothing found")}${attribute("classname", name)}/>`);
    return suite(name, cases, { failures: own.length, skipped: skipped.length });
  });
  if (failures.length > 0)
    suites.push(
      suite(
        "what could not be read",
        failures.map(
          ({ code, message }) =>
            `    <testcase${attribute("name", code)}><error${attribute("message", message)}/></testcase>`,
        ),
        { errors: failures.length },
      ),
    );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${attribute("name", "seaworthy check")}>\n${suites.join("\n")}\n</testsuites>\n`;
}

function suite(name: string, cases: readonly string[], counts: Readonly<Record<string, number>>): string {
  const all = { tests: cases.length, failures: 0, errors: 0, skipped: 0, ...counts };
  const attributes = Object.entries(all).map(([key, value]) => attribute(key, String(value)));
  return `  <testsuite${attribute("name", name)}${attributes.join("")}>\n${cases.join("\n")}\n  </testsuite>`;
}

function failedCase(finding: Reported): string {
  const { severity, message, why, seen, next } = finding;
  const place = placeInText(finding);
  const where = place === undefined ? [] : [`${place.file}:${place.line}:${place.column}`];
  const text = [
    ...where,
    ...(why === undefined ? [] : [why]),
    ...seen.map((each) => `seen: ${each}`),
    ...next.map((each) => `next: ${each}`),
  ].join("\n");
  return `    <testcase ${caseOf(finding)}><failure${attribute("type", severity)}${attribute("message", message)}>${escaped(text)}</failure></testcase>`;
}

function caseOf(finding: Reported): string {
  const { rule, object, place } = finding;
  const inText = placeInText(finding);
  const line = inText === undefined ? "" : `:${inText.line}`;
  return `${attribute("name", `${rule} ${object ?? ""}${line}`.trim())}${attribute("classname", place?.file ?? rule)}`.trim();
}

function attribute(name: string, value: string): string {
  return ` ${name}="${escaped(value).replaceAll("\n", "&#10;")}"`;
}

/** https://www.w3.org/TR/xml/#NT-Char */
const unwritable = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** XML has no way to write most control characters at all. */
function escaped(text: string): string {
  return text
    .replace(unwritable, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
