import type { ManifestSource, ReadSet } from "@seaworthy/app";
import { fixSets, type FixOptions, type Reported } from "@seaworthy/check";
import { SeaworthyError } from "@seaworthy/errors";

/** A finding by which a rollout loses requests. */
export interface TriedFinding {
  readonly found: Reported;
  /** The Deployment that it is in; undefined in what a trial does not roll. */
  readonly deployment: string | undefined;
  /** What mends it, when something does. */
  readonly mend: "--fix" | "--fix --unsafe" | undefined;
}

/** A set of manifests as it is and as fixed. */
export interface MendedSet {
  readonly findings: readonly TriedFinding[];
  readonly sources: readonly ManifestSource[];
  /** Absent when nothing can be mended. */
  readonly fixed: readonly ManifestSource[] | undefined;
}

/**
 * Chooses the findings by which a rollout loses requests, and mends just these, in memory, by unsafe fixes as well. Gives
 * undefined when none is in a Deployment. Throws SW1002 when they are in several sets, which no cluster holds at once.
 */
export async function mendForProof(
  sets: readonly ReadSet[],
  findings: readonly Reported[],
  options: Omit<FixOptions, "unsafe">,
): Promise<MendedSet | undefined> {
  const rules = options.rules.filter(({ rule }) => rule.losesRequests === true);
  const losing = findings.filter(({ rule }) => rules.some((each) => each.rule.id === rule));
  const concerned = sets.filter((set) =>
    losing.some((found) => isIn(found, set) && deploymentOf(found) !== undefined),
  );
  const [set] = concerned;
  if (set === undefined) return undefined;
  if (concerned.length > 1) throw severalSets(concerned);
  const own = losing.filter((found) => isIn(found, set));
  const { fixed, files } = await fixSets({ sets: [set], problems: [] }, { ...options, rules, unsafe: true });
  const mended = new Set(fixed.map(keyOf));
  const after = new Map(files.map((file) => [file.source.name, file.after.join("")]));
  return {
    findings: own.map((found) => ({
      found,
      deployment: deploymentOf(found),
      mend: !mended.has(keyOf(found))
        ? undefined
        : found.finding?.fix?.isSafe === true
          ? "--fix"
          : "--fix --unsafe",
    })),
    sources: set.sources,
    fixed:
      after.size === 0
        ? undefined
        : set.sources.map((source) => ({ ...source, text: after.get(source.name) ?? source.text })),
  };
}

function isIn({ finding }: Reported, { manifests }: ReadSet): boolean {
  return finding !== undefined && manifests.includes(finding.manifest);
}

function deploymentOf({ finding }: Reported): string | undefined {
  const object = finding?.manifest.object;
  return object?.kind === "Deployment" ? object.metadata.name : undefined;
}

/** The same finding has it in each run of the rules. */
function keyOf({ rule, object, field }: Reported): string {
  return `${rule} ${object ?? ""} ${field ?? ""}`;
}

function severalSets(sets: readonly ReadSet[]): SeaworthyError {
  const names = sets.map(({ rendered, sources }) => rendered?.path ?? sources[0]?.name ?? "");
  return new SeaworthyError("SW1002", `--prove tries one set of manifests, and these are ${sets.length}`, {
    field: "--prove",
    why: "each overlay and each chart is a set of its own, and so are the files beside them",
    seen: names,
    next: [`seaworthy check ${names[0] ?? "k8s/"} --prove`],
  });
}
