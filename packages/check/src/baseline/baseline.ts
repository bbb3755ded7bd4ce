import { SeaworthyError } from "@seaworthy/errors";
import { formatFieldPath, isJsonObject, type FieldPath } from "@seaworthy/kube";
import type { Reported } from "../run/reported.ts";

/** Findings that were there when a team began, told apart by what they are about and not by lines, which move. */
export interface Baseline {
  readonly findings: readonly BaselineEntry[];
}

/** So many findings of one rule about one field of one object. */
interface BaselineEntry {
  readonly rule: string;
  /** What belongs to no object is told apart by its file. */
  readonly object: string;
  /** Items of lists are named where they have names, since their places move, too. */
  readonly field: string;
  readonly count: number;
}

/** What is new since the baseline, what was there before, and how many of those before are gone. */
export interface Compared {
  readonly fresh: readonly Reported[];
  readonly known: number;
  readonly gone: number;
}

/** Takes out what a baseline knows. */
export function compareBaseline(findings: readonly Reported[], baseline: Baseline): Compared {
  const left = new Map<string, number>();
  for (const entry of baseline.findings) left.set(keyOf(entry), (left.get(keyOf(entry)) ?? 0) + entry.count);
  const fresh = findings.filter((finding) => {
    const key = keyOf(entryOf(finding));
    const count = left.get(key) ?? 0;
    if (count > 0) left.set(key, count - 1);
    return count === 0;
  });
  const gone = [...left.values()].reduce((sum, count) => sum + count, 0);
  return { fresh, known: findings.length - fresh.length, gone };
}

const schema = "seaworthy.dev/check-baseline/v1";

/** The baseline of some findings, as a file: one line for each, in an order that does not depend on files. */
export function formatBaseline(findings: readonly Reported[]): string {
  const groups = Map.groupBy(findings.map(entryOf), keyOf);
  const lines = [...groups.values()]
    .map((entries) => JSON.stringify({ ...entries[0]!, count: entries.length }))
    .toSorted();
  return `{\n  "schema": "${schema}",\n  "findings": [\n${lines.map((line) => `    ${line}`).join(",\n")}\n  ]\n}\n`;
}

/** Reads the file of a baseline. Throws SW1002 when it is none. */
export function parseBaseline(text: string, file: string): Baseline {
  const value = parse(text);
  if (isJsonObject(value) && value["schema"] === schema && isEntries(value["findings"]))
    return { findings: value["findings"] };
  throw new SeaworthyError("SW1002", `${file} is no baseline of seaworthy check`, {
    field: "--baseline",
    next: [`write it anew: seaworthy check … --baseline ${file} --write-baseline`],
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isEntries(value: unknown): value is readonly BaselineEntry[] {
  return (
    Array.isArray(value) &&
    value.every(
      (each) =>
        isJsonObject(each) &&
        ["rule", "object", "field"].every((key) => typeof each[key] === "string") &&
        Number.isSafeInteger(each["count"]),
    )
  );
}

function entryOf({ rule, finding, object, field, place }: Reported): BaselineEntry {
  return {
    rule,
    object: object ?? place?.file ?? "",
    field: finding === undefined ? (field ?? "") : stableField(finding.manifest.object, finding.path),
    count: 1,
  };
}

function keyOf({ rule, object, field }: BaselineEntry): string {
  return JSON.stringify([rule, object, field]);
}

/** A field's path with the names of items instead of their places: `spec.containers["api"].image`. */
function stableField(object: unknown, path: FieldPath): string {
  let value: unknown = object;
  const steps = path.map((step) => {
    const child = (value as Record<string | number, unknown> | null | undefined)?.[step];
    value = child;
    const name = typeof step === "number" && isJsonObject(child) ? child["name"] : undefined;
    return typeof name === "string" ? name : step;
  });
  return formatFieldPath(steps);
}
