import { checkJson, githubAnnotations, junit, sarif, type CheckResult } from "@seaworthy/check";
import { checkSummary, findingsText } from "../output/check-text.ts";
import type { Telling } from "../output/format-told.ts";

/** The formats of `--output`. No format changes what is found, or the exit code. */
export const formats: Readonly<Record<string, (result: CheckResult, telling: Telling) => string>> = {
  text,
  json: (result) => `${JSON.stringify(checkJson(result), undefined, 2)}\n`,
  sarif: (result) => `${JSON.stringify(sarif(result), undefined, 2)}\n`,
  junit,
  // A step's log is read by people as well.
  github: (result, telling) => `${text(result, telling)}${githubAnnotations(result.findings)}`,
};

function text(result: CheckResult, telling: Telling): string {
  const found = findingsText(result.findings, telling);
  return `${found}${found === "" ? "" : "\n"}${checkSummary(result, telling)}`;
}
