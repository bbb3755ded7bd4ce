import {
  hasPodEnded,
  parseTimestamp,
  type DaemonSet,
  type Pod,
  type PodSpec,
  type Toleration,
} from "@seaworthy/kube";
import { podFromTemplate } from "../pod-owners/pod-control.ts";

/** Holds the hash of the template that a pod was made of. */
export const revisionHashLabel = "controller-revision-hash";
const generationLabel = "pod-template-generation";
const generationAnnotation = "deprecated.daemonset.template.generation";

/**
 * Makes the pod of a node: the scheduler may put it nowhere else, and troubles of the node do not keep it away.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/daemon/util/daemonset_util.go
 */
export function makeDaemonPod(daemonSet: DaemonSet, nodeName: string, hash: string): Pod {
  const { metadata, spec } = daemonSet.spec.template;
  const generation = generationOf(daemonSet);
  const labels = {
    ...metadata?.labels,
    ...(generation === undefined ? {} : { [generationLabel]: generation }),
    [revisionHashLabel]: hash,
  };
  const tolerant = withDaemonTolerations(spec);
  const template = {
    metadata: { ...metadata, labels },
    spec: { ...tolerant, affinity: onlyOn(nodeName, spec.affinity) },
  };
  return podFromTemplate(daemonSet, template);
}

/** The pod as a node is asked whether it may come. */
export function daemonPodFor(daemonSet: DaemonSet): Pod {
  const pod = podFromTemplate(daemonSet, daemonSet.spec.template);
  return { ...pod, spec: withDaemonTolerations(pod.spec) };
}

/** The node for which a pod was made, whether it is there already or not. */
export function nodeOfDaemonPod({ spec }: Pod): string | undefined {
  if ((spec.nodeName ?? "") !== "") return spec.nodeName;
  const terms =
    spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  const fields = (terms ?? []).flatMap(({ matchFields = [] }) => matchFields);
  return fields.find(({ key, values }) => key === "metadata.name" && values?.length === 1)?.values?.[0];
}

/** Whether a pod was made of the present template. */
export function isUpdated(daemonSet: DaemonSet, pod: Pod, hash: string): boolean {
  const { labels = {} } = pod.metadata;
  const generation = generationOf(daemonSet);
  return (
    labels[revisionHashLabel] === hash || (generation !== undefined && labels[generationLabel] === generation)
  );
}

/** The pods by their nodes, on each the one that is placed, and the oldest, first; pods that have ended and go are left out. */
export function podsByNode(pods: readonly Pod[]): Map<string, Pod[]> {
  const present = pods.filter((pod) => !(hasPodEnded(pod) && pod.metadata.deletionTimestamp !== undefined));
  const byNode = new Map<string, Pod[]>();
  for (const pod of present.toSorted(byPlaceAndAge)) {
    const node = nodeOfDaemonPod(pod);
    if (node !== undefined) byNode.set(node, [...(byNode.get(node) ?? []), pod]);
  }
  return byNode;
}

function byPlaceAndAge(left: Pod, right: Pod): number {
  const waits = ({ spec }: Pod) => Number((spec.nodeName ?? "") === "");
  const createdMs = ({ metadata }: Pod) => parseTimestamp(metadata.creationTimestamp) ?? 0;
  return (
    waits(left) - waits(right) ||
    createdMs(left) - createdMs(right) ||
    (left.metadata.name < right.metadata.name ? -1 : 1)
  );
}

function generationOf({ metadata }: DaemonSet): string | undefined {
  const text = metadata.annotations?.[generationAnnotation] ?? "";
  return /^\d+$/.test(text) ? text : undefined;
}

function withDaemonTolerations(spec: PodSpec): PodSpec {
  const added = [
    ...tolerated,
    ...(spec.hostNetwork === true ? [toleration("network-unavailable", "NoSchedule")] : []),
  ];
  const others = (spec.tolerations ?? []).filter((each) => !added.some((one) => coversSame(one, each)));
  return { ...spec, tolerations: [...others, ...added] };
}

function toleration(what: string, effect: string): Toleration {
  return { key: `node.kubernetes.io/${what}`, operator: "Exists", effect };
}

const tolerated = [
  toleration("not-ready", "NoExecute"),
  toleration("unreachable", "NoExecute"),
  toleration("disk-pressure", "NoSchedule"),
  toleration("memory-pressure", "NoSchedule"),
  toleration("pid-pressure", "NoSchedule"),
  toleration("unschedulable", "NoSchedule"),
];

/** MatchToleration: all but how long. */
function coversSame(left: Toleration, right: Toleration): boolean {
  const { key, operator = "Equal", effect, value = "" } = right;
  return (
    left.key === key && left.operator === operator && left.effect === effect && (left.value ?? "") === value
  );
}

function onlyOn(nodeName: string, affinity: PodSpec["affinity"]): NonNullable<PodSpec["affinity"]> {
  const matchFields = [{ key: "metadata.name", operator: "In", values: [nodeName] }];
  return {
    ...affinity,
    nodeAffinity: {
      ...affinity?.nodeAffinity,
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields }] },
    },
  };
}
