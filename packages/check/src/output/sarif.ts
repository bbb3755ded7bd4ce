import { createHash } from "node:crypto";
import type { Place } from "@seaworthy/errors";
import { createTextFixer, type FileChange } from "../fix/text-fixes.ts";
import type { Rule } from "../rule.ts";
import type { Reported } from "../run/reported.ts";
import { pageOf, type CheckResult } from "./check-result.ts";

/** GitHub takes no more results of one run; the worst ones come first, so that the others are left out. */
const mostResults = 25_000;

const levels = { error: "error", warning: "warning", advice: "note" } as const;

/** The result as SARIF 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
export function sarif(result: CheckResult): Record<string, unknown> {
  const { version, rules, findings, ignored, failures, texts } = result;
  const fixer = createTextFixer(texts);
  const told = [
    ...findings.map((found) => ({ found, reason: undefined })),
    ...ignored.map((found) => ({ found, reason: found.reason })),
  ]
    .toSorted((left, right) => rankOf(left.found) - rankOf(right.found))
    .slice(0, mostResults);
  const pages = new Map(rules.map(({ rule, severity }) => [rule.id, descriptor(rule, severity)]));
  for (const { found } of told)
    if (!pages.has(found.rule)) pages.set(found.rule, { id: found.rule, helpUri: helpUri(found.rule) });
  const indexes = new Map([...pages.keys()].map((id, index) => [id, index]));
  return {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: { name: "seaworthy", version, semanticVersion: version, rules: [...pages.values()] },
        },
        columnKind: "utf16CodeUnits",
        invocations: [
          {
            executionSuccessful: failures.length === 0,
            toolExecutionNotifications: failures.map(({ code, message }) => ({
              level: "error",
              descriptor: { id: code },
              message: { text: message },
            })),
          },
        ],
        results: told.map(({ found, reason }) => ({
          ruleId: found.rule,
          ruleIndex: indexes.get(found.rule)!,
          level: levels[found.severity],
          message: { text: textOf(found) },
          ...locations(found),
          ...fixes(found, fixer(found)),
          partialFingerprints: { "seaworthy/v1": fingerprint(found) },
          ...(reason === undefined ? {} : { suppressions: [{ kind: "inSource", justification: reason }] }),
        })),
      },
    ],
  };
}

function rankOf({ severity }: Reported): number {
  return ["error", "warning", "advice"].indexOf(severity);
}

function descriptor(rule: Rule, severity: Reported["severity"]): Record<string, unknown> {
  const { id, title, why, mend, sources } = rule;
  const help = [why.trim(), mend.trim(), ...sources].filter((part) => part !== "").join("\n\n");
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: why.trim() },
    help: { text: help, markdown: help },
    helpUri: helpUri(id),
    defaultConfiguration: { level: levels[severity] },
  };
}

const repository = "https://seaworthy.dev/";

function helpUri(rule: string): string {
  return `${repository}${pageOf(rule)}`;
}

function textOf({ message, why, seen, next }: Reported): string {
  return [message, ...(why === undefined ? [] : [why]), ...seen, ...next].join("\n");
}

function locations({ place, object, field }: Reported): Record<string, unknown> {
  if (place === undefined) return {};
  const name = [object, field].filter((part) => part !== undefined && part !== "").join(" ");
  const physicalLocation = { artifactLocation: { uri: uriOf(place.file) }, region: regionOf(place) };
  return {
    locations: [
      {
        ...(place.isOfObject === true ? {} : { physicalLocation }),
        ...(name === "" ? {} : { logicalLocations: [{ fullyQualifiedName: name }] }),
      },
    ],
  };
}

/** How to mend it, for editors and reviewers that read SARIF: one fix, or none. */
function fixes({ next, finding }: Reported, changes: readonly FileChange[]): Record<string, unknown> {
  if (changes.length === 0) return {};
  const risk = finding?.fix?.isSafe === true ? "" : " (it may change what the app does)";
  return {
    fixes: [
      {
        description: { text: `${next[0] ?? "mend it"}${risk}` },
        artifactChanges: changes.map(({ file, replacements }) => ({
          artifactLocation: { uri: uriOf(file) },
          replacements: replacements.map(({ text, ...deletedRegion }) => ({
            deletedRegion,
            ...(text === "" ? {} : { insertedContent: { text } }),
          })),
        })),
      },
    ],
  };
}

function regionOf({ line, column, length = 1, sourceLine }: Place): Record<string, unknown> {
  return {
    startLine: line,
    startColumn: column,
    endLine: line,
    endColumn: column + length,
    ...(sourceLine === undefined ? {} : { snippet: { text: sourceLine } }),
  };
}

/** Paths become relative references; what comes from stdin or a command has no file, and keeps its name. */
function uriOf(file: string): string {
  return encodeURI(file.replaceAll("\\", "/"))
    .replaceAll("#", "%23")
    .replaceAll("?", "%3F")
    .replace(/^([^/]*):/, "$1%3A");
}

/** The same for the same finding after its line has moved. */
function fingerprint({ rule, object, field, message }: Reported): string {
  return createHash("sha256")
    .update(JSON.stringify([rule, object, field, message]))
    .digest("hex")
    .slice(0, 32);
}
