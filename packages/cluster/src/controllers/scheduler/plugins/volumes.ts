import type { Pod } from "@seaworthy/kube";
import { claimsOfPod } from "../../volumes/claims-of-pod.ts";
import { planVolumes, podClaims } from "../plan-volumes.ts";
import { noProblems, type NodeFilter } from "../plugin.ts";
import type { Snapshot } from "../snapshot.ts";

/** Refuses nodes on which the claims of the pod cannot have their volumes. */
export function volumeBinding(pod: Pod, { storage }: Snapshot): NodeFilter | string | undefined {
  if (claimsOfPod(pod).length === 0) return undefined;
  const claims = podClaims(pod, storage);
  return typeof claims === "string" ? claims : ({ node }) => planVolumes(claims, node, storage).problems;
}

/**
 * Refuses every node while a claim that one pod only may use is in use.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/scheduler/framework/plugins/volumerestrictions/volume_restrictions.go
 */
export function volumeRestrictions(pod: Pod, { storage, nodes }: Snapshot): NodeFilter | string | undefined {
  const { namespace } = pod.metadata;
  const exclusive = new Set<string>();
  for (const { name, isEphemeral } of claimsOfPod(pod)) {
    const claim = storage.claim(namespace, name);
    if (claim === undefined && !isEphemeral) return `persistentvolumeclaim "${name}" not found`;
    if (claim?.spec?.accessModes?.includes("ReadWriteOncePod") === true) exclusive.add(name);
  }
  if (exclusive.size === 0) return undefined;
  const isUsed = nodes.some(({ pods }) =>
    pods.some(
      (other) =>
        other.metadata.namespace === namespace && claimsOfPod(other).some(({ name }) => exclusive.has(name)),
    ),
  );
  const reason =
    "node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod";
  return isUsed ? () => [{ reason, fatal: false }] : undefined;
}

/**
 * Refuses nodes outside of the zone or the region that a bound volume is labelled with.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/scheduler/framework/plugins/volumezone/volume_zone.go
 */
export function volumeZone(pod: Pod, { storage }: Snapshot): NodeFilter | undefined {
  const wanted = claimsOfPod(pod).flatMap(({ name }) => {
    const volumeName = storage.claim(pod.metadata.namespace, name)?.spec?.volumeName ?? "";
    const labels = storage.volume(volumeName)?.metadata.labels ?? {};
    return topologyLabels.flatMap((key) =>
      labels[key] === undefined ? [] : [{ key, values: labels[key].split("__") }],
    );
  });
  if (wanted.length === 0) return undefined;
  const problems = [{ reason: "node(s) had no available volume zone", fatal: true }];
  return ({ node: { metadata } }) => {
    const own = metadata.labels ?? {};
    // On a node without any such label nobody has thought of zones.
    if (!topologyLabels.some((key) => own[key] !== undefined)) return noProblems;
    return wanted.every(({ key, values }) => values.includes(own[key] ?? "")) ? noProblems : problems;
  };
}

const topologyLabels = [
  "topology.kubernetes.io/zone",
  "topology.kubernetes.io/region",
  "failure-domain.beta.kubernetes.io/zone",
  "failure-domain.beta.kubernetes.io/region",
];
