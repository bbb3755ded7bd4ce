import type { Origin } from "@seaworthy/app";
import type { SeaworthyError } from "@seaworthy/errors";
import type { Manifest } from "@seaworthy/kube";
import type { ChosenRule } from "../choice/choose-rules.ts";
import { applyIgnores, type Ignored } from "../ignores/apply-ignores.ts";
import { findIgnores, type CheckedText } from "../ignores/find-ignores.ts";
import { asWritten } from "../objects/as-read.ts";
import { loadKinds } from "../objects/load-kinds.ts";
import { createObjectSet, type Home } from "../objects/object-set.ts";
import type { Finding } from "../rule.ts";
import { splitReadable } from "../rules/schema/split-readable.ts";
import { placeInOrigin } from "./place-in-origin.ts";
import { placeInTemplate, type ReadTemplate } from "./place-in-template.ts";
import { reportCrash, reportFinding, reportProblem, type Reported } from "./reported.ts";
import { withoutEchoes } from "./without-echoes.ts";

/** What is checked: sets of objects, each for itself with its texts, and what could not be read of them. */
export interface CheckInput {
  readonly sets: readonly {
    readonly manifests: readonly Manifest[];
    /** What is there as well and is not looked at. */
    readonly hooks?: readonly Manifest[];
    /** Whether more may be there, in what could not be read. */
    readonly isTorn?: boolean;
    readonly sources: readonly CheckedText[];
    /** Of a rendered chart: its templates. */
    readonly readTemplate?: ReadTemplate;
    /** Of what kustomize made: what it made it of. */
    readonly origins?: readonly Origin[];
    /** Whether an object is looked at for itself; all are when absent. */
    readonly judges?: (manifest: Manifest) => boolean;
  }[];
  readonly problems: readonly SeaworthyError[];
}

/** How it is checked. */
export interface CheckOptions {
  readonly rules: readonly ChosenRule[];
  /** The version that the objects are meant for, as `1.33`; the newest when absent. */
  readonly kubernetes?: string | undefined;
  /** Where the objects are; in files when absent. */
  readonly home?: Home | undefined;
}

/** What was found, and what was found and is ignored with a reason, each in the order of files and lines. */
export interface Checked {
  readonly findings: readonly Reported[];
  readonly ignored: readonly Ignored[];
}

/** Checks sets of objects. */
export async function checkSets({ sets, problems }: CheckInput, options: CheckOptions): Promise<Checked> {
  await loadKinds(sets.flatMap(({ manifests }) => manifests));
  const checked = sets.map((set) => {
    const { manifests, sources, readTemplate, origins, judges = () => true } = set;
    const { findings, ignored } = applyIgnores(
      checkSet(set, options).filter(({ finding }) => finding === undefined || judges(finding.manifest)),
      findIgnores(sources, manifests.filter(judges)),
      options.rules,
    );
    const atSource = placer(sources, readTemplate, origins);
    return { findings: findings.map(atSource), ignored: ignored.map(atSource) };
  });
  return {
    findings: inOrder([...problems.map(reportProblem), ...checked.flatMap(({ findings }) => findings)]),
    ignored: inOrder(checked.flatMap(({ ignored }) => ignored)),
  };
}

function checkSet(
  { manifests, hooks, isTorn }: CheckInput["sets"][number],
  { rules, kubernetes, home }: CheckOptions,
): Reported[] {
  const { readable, unreadable, findings } = splitReadable(manifests, { kubernetes });
  const set = createObjectSet(readable, { unreadable, hooks, isTorn, kubernetes, home });
  // An object that no rule can look at is told of whatever was chosen: else nothing found would mean nothing.
  const found = findings.map(({ rule, finding }) =>
    reportFinding(
      rule,
      rules.find((chosen) => chosen.rule.id === rule.id)?.severity ?? rule.severity,
      finding,
    ),
  );
  for (const { rule, severity } of rules) {
    try {
      for (const finding of rule.check(set)) found.push(reportFinding(rule, severity, inWritten(finding)));
    } catch (error) {
      found.push(reportCrash(rule, error));
    }
  }
  return withoutEchoes(
    found,
    rules.map(({ rule }) => rule),
  );
}

/** Ignores and fixes know the manifests as they are written. */
function inWritten(finding: Finding): Finding {
  const { manifest, fix } = finding;
  const edits = fix?.edits.map((edit) => ({ ...edit, manifest: asWritten(edit.manifest) }));
  return {
    ...finding,
    manifest: asWritten(manifest),
    ...(fix === undefined || edits === undefined ? {} : { fix: { ...fix, edits } }),
  };
}

/** Points what was found in rendered text back at what it was made of, where that can be told. */
function placer(
  sources: readonly CheckedText[],
  read: ReadTemplate | undefined,
  origins: readonly Origin[] | undefined,
): <T extends Reported>(found: T) => T {
  if (read === undefined && origins === undefined) return (found) => found;
  return (found) => {
    const text = sources.find(({ name }) => name === found.place?.file)?.text;
    if (found.place === undefined || text === undefined) return found;
    const place =
      read === undefined
        ? found.finding && placeInOrigin(found.finding, origins ?? [])
        : placeInTemplate(found.place, text, read);
    const rendered = `${found.place.file}:${found.place.line}`;
    return place === undefined
      ? found
      : { ...found, place, seen: [...found.seen, `rendered at ${rendered}`] };
  };
}

const rank = { error: 0, warning: 1, advice: 2 };

/** Files stay in the order in which they were found first; what has no place comes last. */
function inOrder<T extends Reported>(found: readonly T[]): T[] {
  const files = new Map<string, number>();
  for (const { place } of found)
    if (place !== undefined && !files.has(place.file)) files.set(place.file, files.size);
  const fileOf = ({ place }: Reported) => (place === undefined ? files.size : files.get(place.file)!);
  return found.toSorted(
    (a, b) =>
      fileOf(a) - fileOf(b) ||
      (a.place?.line ?? 0) - (b.place?.line ?? 0) ||
      (a.place?.column ?? 0) - (b.place?.column ?? 0) ||
      rank[a.severity] - rank[b.severity],
  );
}
