import {
  podAvailableAtMs,
  type ControllerRevision,
  type Pod,
  type PodTemplateSpec,
  type StatefulSet,
  type Volume,
} from "@seaworthy/kube";
import { podFromTemplate } from "../pod-owners/pod-control.ts";
import { templateOfRevision } from "../revision-history/revision-data.ts";

const podNameLabel = "statefulset.kubernetes.io/pod-name";
const podIndexLabel = "apps.kubernetes.io/pod-index";
/** Holds the name of the revision that a pod was made of. */
const revisionLabel = "controller-revision-hash";

/** The number at the end of the name of a pod; undefined where it is not that of a pod of the set. */
export function ordinalOf({ metadata }: StatefulSet, pod: Pod): number | undefined {
  const [, parent, ordinal] = /^(.*)-(\d+)$/.exec(pod.metadata.name) ?? [];
  return parent === metadata.name ? Number(ordinal) : undefined;
}

/** The numbers that the pods of a set should have. */
export function wantedOrdinals({ spec }: StatefulSet): number[] {
  const start = spec.ordinals?.start ?? 0;
  return Array.from({ length: spec.replicas ?? 1 }, (_, index) => start + index);
}

/** Whether a number is one of them. */
export function isWanted({ spec }: StatefulSet, ordinal: number): boolean {
  const start = spec.ordinals?.start ?? 0;
  return ordinal >= start && ordinal < start + (spec.replicas ?? 1);
}

/** The name of the claim that a pod has by a template. */
export function claimNameOf({ metadata }: StatefulSet, template: ClaimTemplate, ordinal: number): string {
  return `${template.metadata?.name ?? ""}-${metadata.name}-${ordinal}`;
}

/** A claim that each pod of a set has for itself. */
export type ClaimTemplate = NonNullable<StatefulSet["spec"]["volumeClaimTemplates"]>[number];

/** The name of the revision that a pod was made of. */
export function revisionOfPod({ metadata }: Pod): string | undefined {
  return metadata.labels?.[revisionLabel];
}

/**
 * Makes the pod with a number, of the old template as long as the number is below the partition, else of the new one.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/statefulset/stateful_set_utils.go (newVersionedStatefulSetPod)
 */
export function makeStatefulPod(
  set: StatefulSet,
  current: ControllerRevision,
  update: ControllerRevision,
  ordinal: number,
): Pod {
  const { updateStrategy, ordinals } = set.spec;
  const kept = updateStrategy?.rollingUpdate?.partition ?? set.status?.currentReplicas ?? 0;
  const isOld = updateStrategy?.type === "RollingUpdate" && ordinal < (ordinals?.start ?? 0) + kept;
  const revision = isOld ? current : update;
  return podOfTemplate(set, templateOfRevision(revision), revision.metadata.name, ordinal);
}

function podOfTemplate(set: StatefulSet, template: PodTemplateSpec, revision: string, ordinal: number): Pod {
  const pod = podFromTemplate(set, template);
  const name = `${set.metadata.name}-${ordinal}`;
  const labels = {
    ...pod.metadata.labels,
    ...identityLabels(name, ordinal),
    [revisionLabel]: revision,
  };
  const { serviceName = "" } = set.spec;
  return {
    ...pod,
    metadata: { ...pod.metadata, name, labels },
    spec: {
      ...pod.spec,
      hostname: name,
      ...(serviceName === "" ? {} : { subdomain: serviceName }),
      ...volumesWithClaims(set, pod, ordinal),
    },
  };
}

/** Whether the labels and the volumes of a pod say who it is. */
export function hasIdentity(set: StatefulSet, pod: Pod, ordinal: number): boolean {
  const { name, labels } = pod.metadata;
  if (labels?.[podNameLabel] !== name) return false;
  return (set.spec.volumeClaimTemplates ?? []).every((template) => {
    const volume = pod.spec.volumes?.find((each) => each.name === template.metadata?.name);
    return volume?.persistentVolumeClaim?.claimName === claimNameOf(set, template, ordinal);
  });
}

/** The pod with the labels and the volumes that say who it is. */
export function withIdentity(set: StatefulSet, pod: Pod, ordinal: number): Pod {
  const labels = { ...pod.metadata.labels, ...identityLabels(pod.metadata.name, ordinal) };
  return {
    ...pod,
    metadata: { ...pod.metadata, labels },
    spec: { ...pod.spec, ...volumesWithClaims(set, pod, ordinal) },
  };
}

/** Whether a pod does not serve, or will not for long. */
export function isUnavailable({ spec }: StatefulSet, pod: Pod, nowMs: number): boolean {
  const availableMs = podAvailableAtMs(pod, spec.minReadySeconds ?? 0) ?? Infinity;
  return availableMs > nowMs || pod.metadata.deletionTimestamp !== undefined;
}

function identityLabels(name: string, ordinal: number): Record<string, string> {
  return { [podNameLabel]: name, [podIndexLabel]: String(ordinal) };
}

/** A claim takes the place of a volume of the same name. */
function volumesWithClaims(set: StatefulSet, { spec }: Pod, ordinal: number): { volumes?: Volume[] } {
  const claims = (set.spec.volumeClaimTemplates ?? []).map((template) => ({
    name: template.metadata?.name ?? "",
    persistentVolumeClaim: { claimName: claimNameOf(set, template, ordinal) },
  }));
  const others = (spec.volumes ?? []).filter(({ name }) => claims.every((claim) => claim.name !== name));
  const volumes = [...claims, ...others];
  return volumes.length === 0 ? {} : { volumes };
}
