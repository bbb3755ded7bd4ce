import type { SeaworthyError } from "@seaworthy/errors";
import type { Manifest } from "@seaworthy/kube";
import type { ChosenRule } from "../choice/choose-rules.ts";
import { createObjectSet } from "../objects/object-set.ts";
import { reportCrash, reportFinding, reportProblem, type Reported } from "./reported.ts";
import { splitReadable } from "./split-readable.ts";

/** What is checked: sets of objects, each for itself, and what could not be read of them. */
export interface CheckInput {
  readonly sets: readonly { readonly manifests: readonly Manifest[] }[];
  readonly problems: readonly SeaworthyError[];
}

/** What was found, in the order of files and lines. */
export function checkSets({ sets, problems }: CheckInput, rules: readonly ChosenRule[]): Reported[] {
  const found = sets.flatMap(({ manifests }) => checkSet(manifests, rules));
  return inOrder([...problems.map(reportProblem), ...found]);
}

function checkSet(manifests: readonly Manifest[], rules: readonly ChosenRule[]): Reported[] {
  const { readable, problems } = splitReadable(manifests);
  const set = createObjectSet(readable);
  const found = problems.map(reportProblem);
  for (const { rule, severity } of rules) {
    try {
      for (const finding of rule.check(set)) found.push(reportFinding(rule, severity, finding));
    } catch (error) {
      found.push(reportCrash(rule, error));
    }
  }
  return found;
}

const rank = { error: 0, warning: 1, advice: 2 };

/** Files stay in the order in which they were found first; what has no place comes last. */
function inOrder(found: readonly Reported[]): Reported[] {
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
