import type { SeaworthyError } from "@seaworthy/errors";
import type { Reported } from "../run/reported.ts";
import { pageOf, placeInText, type CheckResult } from "./check-result.ts";

/** The result as data, by docs/schemas/check-v1.schema.json. */
export function checkJson(result: CheckResult): Record<string, unknown> {
  const { version, profile, rules, objects, files, findings, fixed, ignored, known, gone, failures, proof } =
    result;
  const count = (severity: Reported["severity"]) =>
    findings.filter((each) => each.severity === severity).length;
  return {
    schema: "seaworthy.dev/check/v1",
    version,
    profile,
    checked: { objects, files: files.length, rules: rules.length },
    counts: {
      error: count("error"),
      warning: count("warning"),
      advice: count("advice"),
      fixed: fixed.length,
      ignored: ignored.length,
      known,
      gone,
    },
    findings: findings.map(findingAsData),
    fixed: fixed.map(findingAsData),
    ignored: ignored.map((each) => ({ ...findingAsData(each), reason: each.reason })),
    failures: failures.map(failureAsData),
    ...(proof === undefined ? {} : { proof }),
  };
}

function findingAsData(found: Reported): Record<string, unknown> {
  const { rule, severity, message, why, place, object, field, seen, next, finding } = found;
  const inText = placeInText(found);
  const fix = finding?.fix;
  return {
    rule,
    severity,
    message,
    ...(inText === undefined
      ? {}
      : { file: inText.file, line: inText.line, column: inText.column, length: inText.length ?? 1 }),
    ...(place?.label === undefined ? {} : { label: place.label }),
    ...(object === undefined ? {} : { object }),
    ...(field === undefined ? {} : { field }),
    ...(why === undefined ? {} : { why }),
    seen,
    next,
    page: pageOf(rule),
    ...(fix === undefined
      ? {}
      : {
          fix: {
            safe: fix.isSafe,
            edits: fix.edits.map(({ manifest, ...edit }) => ({ file: manifest.file, ...edit })),
          },
        }),
  };
}

function failureAsData({ code, message, details }: SeaworthyError): Record<string, unknown> {
  return { code, message, seen: details.seen ?? [], next: details.next ?? [] };
}
