import {
  formatQuantity,
  matchesLabelSelector,
  matchesNodeSelection,
  nearestName,
  podRequests,
  resourceAmounts,
  sumResources,
  taintsOf,
  untoleratedTaint,
  type Node,
  type Pod,
  type Resources,
  hasPodEnded,
} from "@seaworthy/kube";
import { podSpecPath, settleMs, type Diagnosis, type RolloutEvidence } from "./diagnosis.ts";

/** What a rule of the pod leaves of the nodes, and what to say when that is none. */
interface Finding {
  readonly what: string;
  readonly why: string;
  readonly seen: readonly string[];
  readonly next: readonly string[];
  readonly field: readonly (string | number)[];
  /** Whether no change among the pods could help. */
  readonly isLasting: boolean;
}

/**
 * Why a pod fits on no node. The rules of the pod are held against the nodes one after the other, in the scheduler's order,
 * and the first that leaves no node is the reason. Nodes that may be added or changed make nothing certain.
 */
export function schedulingTrouble(pod: Pod, evidence: RolloutEvidence): Diagnosis | undefined {
  const condition = pod.status?.conditions?.find(
    (each) => each.type === "PodScheduled" && each.status === "False",
  );
  if (condition === undefined) return undefined;
  const { what, why, seen, next, field, isLasting } =
    condition.reason === "SchedulingGated" ? gated(pod) : findRule(pod, evidence);
  const isFixed = evidence.scheduling?.nodes.every((node) => isVirtual(node)) === true;
  const isMoving = evidence.scheduling?.pods.some((each) => each.metadata.deletionTimestamp !== undefined);
  return {
    kind: `scheduling: ${field.join(".")}`,
    sentence: `pod ${pod.metadata.name} fits on no node: ${what}`,
    why,
    seen,
    next,
    field: [...podSpecPath(evidence), ...field],
    pod,
    logOf: undefined,
    // A cloud may add a node; the nodes of the embedded cluster stay what they are.
    certainAfterMs: !isFixed || (isMoving === true && !isLasting) ? undefined : isLasting ? 0 : settleMs,
  };
}

/** Nodes of the embedded cluster say so themselves. */
function isVirtual(node: Node): boolean {
  return node.spec?.providerID?.startsWith("seaworthy://") === true;
}

function gated(pod: Pod): Finding {
  const gates = (pod.spec.schedulingGates ?? []).map(({ name }) => name);
  return {
    what: `it waits for ${gates.join(", ")}`,
    why: "a pod with schedulingGates is scheduled only when a controller has taken them all away",
    seen: [],
    next: ["remove schedulingGates, or run the controller that opens them"],
    field: ["schedulingGates"],
    isLasting: true,
  };
}

function findRule(pod: Pod, { scheduling }: RolloutEvidence): Finding {
  if (scheduling === undefined) return unknownRule;
  const { nodes, pods } = scheduling;
  const matchLabels = pod.spec.nodeSelector ?? {};
  const selected = nodes.filter((node) => matchesLabelSelector({ matchLabels }, node.metadata.labels));
  if (selected.length === 0 && Object.keys(matchLabels).length > 0) return selectorRule(matchLabels, nodes);
  const suited = selected.filter((node) => matchesNodeSelection(pod, node));
  if (suited.length === 0) return affinityRule(pod, selected);
  const open = suited.filter((node) => isOpen(pod, node));
  if (open.length === 0) return taintRule(pod, suited);
  const large = open.filter((node) => lacking(pod, allocatable(node)).length === 0);
  if (large.length === 0) return sizeRule(pod, open);
  const free = large.filter((node) => lacking(pod, freeOn(node, pods)).length === 0);
  if (free.length === 0) return roomRule(pod, large, pods);
  return neighbourRule(pod);
}

const unknownRule: Finding = {
  what: "no node has what it asks for",
  why: "the nodes may not be read with these credentials, so that the scheduler's words are all there is",
  seen: [],
  next: ["compare nodeSelector, affinity, tolerations and resources.requests with the nodes"],
  field: [],
  isLasting: false,
};

function selectorRule(wanted: Readonly<Record<string, string>>, nodes: readonly Node[]): Finding {
  const alone = Object.entries(wanted).find(
    ([key, value]) => !nodes.some((node) => node.metadata.labels?.[key] === value),
  );
  const [key, value] = alone ?? Object.entries(wanted)[0]!;
  const labels = new Set(nodes.flatMap((node) => Object.keys(node.metadata.labels ?? {})));
  const near = labels.has(key) ? undefined : nearestName(key, labels);
  const values = valuesOf(key, nodes);
  return {
    what:
      alone === undefined
        ? "no node has all the labels of its nodeSelector at once"
        : `nodeSelector asks for ${key}=${value}, and no node is labelled so`,
    why: "a pod goes only to nodes that have every label of its nodeSelector",
    seen: [
      values.length > 0 ? `the nodes have ${key}=${values.join(", ")}` : `no node has a label ${key}`,
      ...(values.length > 0 ? [] : [`their labels: ${[...labels].toSorted().join(", ")}`]),
    ],
    next: [
      near === undefined
        ? values[0] === undefined
          ? `remove ${key} from nodeSelector, or label a node: kubectl label node NAME ${key}=${value}`
          : `write ${key}: ${values[0]}, or remove it from nodeSelector`
        : `did you mean ${near}?`,
    ],
    field: ["nodeSelector", key],
    isLasting: true,
  };
}

function affinityRule(pod: Pod, nodes: readonly Node[]): Finding {
  const terms =
    pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const expressions = terms.flatMap(({ matchExpressions = [] }) => matchExpressions);
  const asked = expressions.map(({ key, operator, values = [] }) =>
    [key, operator, values.join(", ")].filter((part) => part !== "").join(" "),
  );
  return {
    what: `its required nodeAffinity (${asked.join("; ") || "without any expression"}) holds for no node`,
    why: "a pod goes only to nodes for which one of the required nodeSelectorTerms holds whole",
    seen: [...new Set(expressions.map(({ key }) => key))].map((key) => {
      const values = valuesOf(key, nodes);
      return values.length === 0
        ? `no node has a label ${key}`
        : `the nodes have ${key}=${values.join(", ")}`;
    }),
    next: ["correct the term, or prefer instead of require: preferredDuringSchedulingIgnoredDuringExecution"],
    field: ["affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"],
    isLasting: true,
  };
}

function isOpen(pod: Pod, node: Node): boolean {
  return node.spec?.unschedulable !== true && untoleratedTaint(pod, taintsOf(node)) === undefined;
}

function taintRule(pod: Pod, nodes: readonly Node[]): Finding {
  const seen = nodes.map((node) => {
    const taint = untoleratedTaint(pod, taintsOf(node));
    const reason =
      taint === undefined
        ? "cordoned (spec.unschedulable)"
        : `tainted ${taint.key}=${taint.value ?? ""}:${taint.effect}`;
    return `${node.metadata.name} is ${reason}`;
  });
  return {
    what: "every node that would suit is tainted or cordoned",
    why: "a pod goes to a tainted node only with a toleration of that taint",
    seen: firstFew(seen),
    next: ["add a toleration for the taint, or take the taint away: kubectl taint node NAME KEY-"],
    field: ["tolerations"],
    isLasting: true,
  };
}

function sizeRule(pod: Pod, nodes: readonly Node[]): Finding {
  const { name, what, seen } = shortage(pod, nodes, allocatable, "in all");
  return {
    what,
    why: "a pod goes only to a node which has as much as all its containers request together",
    seen,
    next: [`request less ${name}, or add a larger node`],
    field: requestField(pod, name),
    isLasting: true,
  };
}

function roomRule(pod: Pod, nodes: readonly Node[], pods: readonly Pod[]): Finding {
  const { name, what, seen } = shortage(pod, nodes, (node) => freeOn(node, pods), "left");
  return {
    what,
    why: "what running pods request is taken, used or not, and a rolling update needs room for one pod more",
    seen,
    next: [
      `request less ${name}, or add a node`,
      "or make room before: strategy.rollingUpdate.maxSurge: 0 with maxUnavailable: 1",
    ],
    field: requestField(pod, name),
    isLasting: false,
  };
}

/** Which resource is short: one that no node has enough of, else one that some node lacks while others lack another. */
function shortage(pod: Pod, nodes: readonly Node[], there: (node: Node) => Resources, word: string) {
  const requests = podRequests(pod);
  const short = nodes.map((node) => lacking(pod, there(node)));
  const name = short[0]!.find((each) => short.every((names) => names.includes(each))) ?? short[0]![0]!;
  const isEverywhere = short.every((names) => names.includes(name));
  const asked = amount(name, requests.get(name) ?? 0n);
  return {
    name,
    what: isEverywhere
      ? `it requests ${asked}, and no node has as much ${word}`
      : `no node has all that it requests ${word}: ${[...new Set(short.flat())].join(" and ")} are short`,
    seen: firstFew(
      nodes.map((node) => `${node.metadata.name} has ${amount(name, there(node).get(name) ?? 0n)} ${word}`),
    ),
  };
}

/** Nodes with room are left, so it is a rule about other pods. */
function neighbourRule({ spec }: Pod): Finding {
  const { podAntiAffinity, podAffinity } = spec.affinity ?? {};
  const isApart = (podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).length > 0;
  const isTogether = (podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).length > 0;
  const isSpread = (spec.topologySpreadConstraints ?? []).some(
    ({ whenUnsatisfiable }) => whenUnsatisfiable === "DoNotSchedule",
  );
  const rule = isApart ? "podAntiAffinity" : isTogether ? "podAffinity" : undefined;
  if (rule === undefined && !isSpread)
    return { ...unknownRule, why: "the pods that run leave no place for it" };
  return {
    what:
      rule === undefined
        ? "its topologySpreadConstraints leave no place beside the pods that run"
        : `its required ${rule} leaves no place beside the pods that run`,
    why: "a rolling update needs room for one pod more, and a required rule leaves none",
    seen: [],
    next: [
      rule === undefined
        ? "whenUnsatisfiable: ScheduleAnyway instead of DoNotSchedule"
        : "prefer instead of require: preferredDuringSchedulingIgnoredDuringExecution",
      "or strategy.rollingUpdate.maxSurge: 0 with maxUnavailable: 1",
    ],
    field: rule === undefined ? ["topologySpreadConstraints"] : ["affinity", rule],
    isLasting: false,
  };
}

/** The resources of which a pod requests more than there is. */
function lacking(pod: Pod, there: Resources): string[] {
  return [...podRequests(pod)]
    .filter(([name, asked]) => asked > 0n && asked > (there.get(name) ?? (name === "pods" ? asked : 0n)))
    .map(([name]) => name);
}

function allocatable(node: Node): Resources {
  return resourceAmounts(node.status?.allocatable ?? node.status?.capacity);
}

function freeOn(node: Node, pods: readonly Pod[]): Resources {
  const running = pods.filter((pod) => pod.spec.nodeName === node.metadata.name && !hasPodEnded(pod));
  const taken = sumResources(running.map((pod) => podRequests(pod)));
  return new Map([...allocatable(node)].map(([name, total]) => [name, total - (taken.get(name) ?? 0n)]));
}

/** The container that requests the most of it. */
function requestField(pod: Pod, name: string): (string | number)[] {
  const requests = pod.spec.containers.map(
    ({ resources }) => resourceAmounts(resources?.requests).get(name) ?? 0n,
  );
  const most = requests.reduce((a, b, index) => (b > requests[a]! ? index : a), 0);
  return ["containers", most, "resources", "requests", name];
}

function amount(name: string, nanos: bigint): string {
  const isBytes = name === "memory" || name.includes("storage") || name.startsWith("hugepages-");
  return name === "pods"
    ? `${formatQuantity(nanos)} pods`
    : `${formatQuantity(nanos, isBytes ? "binary" : "decimal")} ${name}`;
}

function valuesOf(key: string, nodes: readonly Node[]): string[] {
  const values = nodes.flatMap((node) => node.metadata.labels?.[key] ?? []);
  return [...new Set(values)].toSorted();
}

const mostNodes = 5;

function firstFew(lines: readonly string[]): string[] {
  const more = lines.length - mostNodes;
  return more > 0 ? [...lines.slice(0, mostNodes), `and ${more} more nodes`] : [...lines];
}
