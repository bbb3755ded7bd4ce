import type { Deployment, ReplicaSet } from "@seaworthy/kube";
import { resolveFenceposts, wantedReplicas } from "./rolling-update.ts";

/** The annotations by which a Deployment keeps its history on its ReplicaSets. */
export const deploymentAnnotations = {
  revision: "deployment.kubernetes.io/revision",
  revisionHistory: "deployment.kubernetes.io/revision-history",
  desiredReplicas: "deployment.kubernetes.io/desired-replicas",
  maxReplicas: "deployment.kubernetes.io/max-replicas",
} as const;

type Annotations = Readonly<Record<string, string>>;

/** The revision of a ReplicaSet, which may be any number of 64 bits; 0 when it has none. */
export function revisionOf(object: ReplicaSet | Deployment): bigint {
  const text = object.metadata.annotations?.[deploymentAnnotations.revision] ?? "";
  return isRevision(text) ? BigInt(text) : 0n;
}

function isRevision(text: string): boolean {
  return /^-?\d{1,19}$/.test(text);
}

/** A number that an annotation holds, or undefined. */
export function annotatedNumber(replicaSet: ReplicaSet, name: string): number | undefined {
  const value = Number.parseInt(replicaSet.metadata.annotations?.[name] ?? "", 10);
  return Number.isNaN(value) ? undefined : value;
}

/** The annotations that record what size the Deployment had when it last sized this ReplicaSet. */
export function sizeAnnotations(deployment: Deployment): Annotations {
  const wanted = wantedReplicas(deployment);
  return {
    [deploymentAnnotations.desiredReplicas]: String(wanted),
    [deploymentAnnotations.maxReplicas]: String(wanted + resolveFenceposts(deployment).surge),
  };
}

/** The annotations of a ReplicaSet with the Deployment's present size, or undefined when they are there already. */
export function nextSizeAnnotations(
  deployment: Deployment,
  replicaSet: ReplicaSet,
): Record<string, string> | undefined {
  const present = replicaSet.metadata.annotations ?? {};
  const size = sizeAnnotations(deployment);
  const same = Object.entries(size).every(([name, value]) => present[name] === value);
  return same ? undefined : { ...present, ...size };
}

/**
 * The annotations of the current ReplicaSet: those of the Deployment, and the revision; a ReplicaSet that
 * becomes current again remembers the revisions it had (SetNewReplicaSetAnnotations).
 */
export function currentAnnotations(
  deployment: Deployment,
  present: Annotations,
  revision: bigint,
): Annotations {
  const next: Record<string, string> = { ...present };
  for (const [name, value] of Object.entries(deployment.metadata.annotations ?? {})) {
    if (!notCopied.has(name)) next[name] = value;
  }
  const before = present[deploymentAnnotations.revision];
  if (before !== undefined && !(isRevision(before) && BigInt(before) < revision)) return next;
  next[deploymentAnnotations.revision] = String(revision);
  if (before !== undefined) {
    const history = [...(present[deploymentAnnotations.revisionHistory]?.split(",") ?? []), before];
    while (history.join(",").length > maxHistoryLength) history.shift();
    next[deploymentAnnotations.revisionHistory] = history.join(",");
  }
  return next;
}

const maxHistoryLength = 2000;

const notCopied: ReadonlySet<string> = new Set([
  "kubectl.kubernetes.io/last-applied-configuration",
  "deprecated.deployment.rollback.to",
  ...Object.values(deploymentAnnotations),
]);

/** The old ReplicaSets beyond revisionHistoryLimit that nothing needs any more, oldest revision first. */
export function planCleanup(deployment: Deployment, old: readonly ReplicaSet[]): ReplicaSet[] {
  const limit = deployment.spec.revisionHistoryLimit ?? 10;
  const alive = old.filter((replicaSet) => replicaSet.metadata.deletionTimestamp === undefined);
  return alive
    .sort((left, right) => (revisionOf(left) < revisionOf(right) ? -1 : 1))
    .slice(0, Math.max(0, alive.length - limit))
    .filter(({ metadata, spec, status }) => {
      const settled = (metadata.generation ?? 0) <= (status?.observedGeneration ?? 0);
      return settled && (status?.replicas ?? 0) === 0 && (spec.replicas ?? 1) === 0;
    });
}
