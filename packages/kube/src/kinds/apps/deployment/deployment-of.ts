import type { Pod } from "../../../object.ts";

/**
 * The Deployment that made a pod's ReplicaSet, by name: a Deployment's ReplicaSets are named after it and the hash of their
 * template. Undefined for a ReplicaSet that no Deployment made.
 */
export function deploymentOf({ metadata }: Pod, replicaSet: string): string | undefined {
  const hash = metadata.labels?.["pod-template-hash"];
  return hash !== undefined && replicaSet.endsWith(`-${hash}`)
    ? replicaSet.slice(0, -hash.length - 1)
    : undefined;
}
