import type { ContainerStatus, CoreEvent, Deployment, Pod, ReplicaSet } from "@seaworthy/kube";

/** What the cluster says about a Deployment, as one moment's copy. */
export interface RolloutEvidence {
  readonly deployment: Deployment;
  readonly replicaSets: readonly ReplicaSet[];
  readonly pods: readonly Pod[];
  readonly events: readonly CoreEvent[];
}

/** The first specific reason why a rollout does not move. */
export interface Diagnosis {
  /** Completes "rollout of shop is stuck: …". */
  readonly sentence: string;
  readonly why: string;
  readonly seen: readonly string[];
  readonly next: readonly string[];
  /** The field to look at, as a path into the Deployment. */
  readonly field: readonly (string | number)[];
  /** Whose log tells more, if any does. */
  readonly logOf:
    | { readonly pod: string; readonly container: string; readonly previous: boolean }
    | undefined;
  /** True when waiting longer cannot help. */
  readonly doomed: boolean;
}

/**
 * Says why a rollout is stuck, from the most specific evidence to the least: containers that cannot run,
 * pods that cannot be placed, pods that could not be made, probes that fail. `progress deadline exceeded`
 * is never the answer. Only pods of the newest revision are looked at: old ones may fail for old reasons.
 */
export function diagnose(evidence: RolloutEvidence): Diagnosis | undefined {
  const newest = newestReplicaSet(evidence);
  const pods = newest === undefined ? evidence.pods : evidence.pods.filter((pod) => isOwnedBy(pod, newest));
  const unready = pods.filter((pod) => pod.metadata.deletionTimestamp === undefined && !isReady(pod));
  return (
    firstOf(unready, (pod) => containerTrouble(pod, unready.length, evidence)) ??
    firstOf(unready, (pod) => unschedulable(pod)) ??
    creationTrouble(newest, evidence) ??
    firstOf(unready, (pod) => probeTrouble(pod, unready.length, evidence)) ??
    firstOf(unready, (pod) => stillCreating(pod, evidence)) ??
    paused(evidence.deployment) ??
    waitingForMore(evidence, unready)
  );
}

/** The revision's ReplicaSet with the highest revision number. */
function newestReplicaSet(evidence: RolloutEvidence): ReplicaSet | undefined {
  const revision = (set: ReplicaSet) =>
    Number(set.metadata.annotations?.["deployment.kubernetes.io/revision"] ?? 0);
  const owned = evidence.replicaSets.filter((set) =>
    ownerUids(set).includes(evidence.deployment.metadata.uid ?? ""),
  );
  return owned.toSorted((left, right) => revision(right) - revision(left))[0];
}

function isOwnedBy(pod: Pod, set: ReplicaSet): boolean {
  return ownerUids(pod).includes(set.metadata.uid ?? "");
}

function ownerUids(object: { metadata: { ownerReferences?: { uid: string }[] } }): string[] {
  return (object.metadata.ownerReferences ?? []).map((owner) => owner.uid);
}

function isReady(pod: Pod): boolean {
  return (pod.status?.conditions ?? []).some(
    (condition) => condition.type === "Ready" && condition.status === "True",
  );
}

function firstOf<T>(items: readonly T[], find: (item: T) => Diagnosis | undefined): Diagnosis | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function containerTrouble(pod: Pod, count: number, evidence: RolloutEvidence): Diagnosis | undefined {
  for (const [list, statuses] of [
    ["initContainers", pod.status?.initContainerStatuses],
    ["containers", pod.status?.containerStatuses],
  ] as const) {
    for (const status of statuses ?? []) {
      const index = Math.max(
        0,
        (pod.spec[list] ?? []).findIndex((container) => container.name === status.name),
      );
      const at: Where = { pod, status, count, evidence, path: ["spec", "template", "spec", list, index] };
      const found = imageTrouble(at) ?? configTrouble(at) ?? startTrouble(at) ?? crashTrouble(at);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

interface Where {
  readonly pod: Pod;
  readonly status: ContainerStatus;
  readonly count: number;
  readonly evidence: RolloutEvidence;
  readonly path: readonly (string | number)[];
}

const imageReasons = new Set([
  "InvalidImageName",
  "ErrImageNeverPull",
  "ErrImagePull",
  "ImagePullBackOff",
  "RegistryUnavailable",
  "ImageInspectError",
]);

function imageTrouble({ pod, status, count, evidence, path }: Where): Diagnosis | undefined {
  const waiting = status.state?.waiting;
  if (waiting?.reason === undefined || !imageReasons.has(waiting.reason)) return undefined;
  // The kubelet's later text is only "Back-off pulling image"; the first event has the reason.
  const first = eventsOf(pod, evidence).find(
    (event) => event.reason === "Failed" && /pull|image/i.test(event.message ?? ""),
  );
  return {
    sentence: `image ${status.image || imageOf(pod, status)} cannot be pulled`,
    why: first?.message ?? waiting.message ?? waiting.reason,
    seen: [waitingLine(count, pod), `${status.name}: ${waiting.reason}`],
    next: [
      "push the image, or correct its name",
      "on the embedded cluster: --run IMAGE=COMMAND says what to run for it",
    ],
    field: [...path, "image"],
    logOf: undefined,
    doomed: waiting.reason === "InvalidImageName" || waiting.reason === "ErrImageNeverPull",
  };
}

function configTrouble({ pod, status, count, path }: Where): Diagnosis | undefined {
  const waiting = status.state?.waiting;
  if (waiting?.reason !== "CreateContainerConfigError") return undefined;
  const message = waiting.message ?? "its configuration is missing";
  return {
    sentence: `container ${status.name} cannot be configured: ${message}`,
    why: "a ConfigMap, a Secret or a key that the container asks for is not there",
    seen: [waitingLine(count, pod)],
    next: ["add the missing object to the manifests, or mark the reference optional: true"],
    field: [...path, "env"],
    logOf: undefined,
    doomed: !/failed to sync .* cache/.test(message),
  };
}

const startReasons = new Set([
  "CreateContainerError",
  "RunContainerError",
  "StartError",
  "ContainerCannotRun",
  "PostStartHookError",
]);

function startTrouble({ pod, status, count, path }: Where): Diagnosis | undefined {
  const { waiting, terminated } = status.state ?? {};
  const last = terminated ?? status.lastState?.terminated;
  const cannotStart =
    last !== undefined &&
    (startReasons.has(last.reason ?? "") || (last.exitCode >= 126 && last.exitCode <= 128));
  if (!startReasons.has(waiting?.reason ?? "") && !cannotStart) return undefined;
  const message = last?.message ?? waiting?.message ?? exitMeaning(last?.exitCode ?? 128);
  return {
    sentence: `container ${status.name} cannot be started: ${message}`,
    why: "the command does not exist, is not executable, or failed at once",
    seen: [
      waitingLine(count, pod),
      ...(last === undefined ? [] : [`exit code ${last.exitCode} (${last.reason ?? "Error"})`]),
    ],
    next: ["correct command and args, or what --run IMAGE=COMMAND gives for this image"],
    field: [...path, "command"],
    logOf:
      last === undefined
        ? undefined
        : { pod: pod.metadata.name, container: status.name, previous: terminated === undefined },
    doomed: (status.restartCount ?? 0) >= 2,
  };
}

function crashTrouble({ pod, status, count, path }: Where): Diagnosis | undefined {
  const crashing = status.state?.waiting?.reason === "CrashLoopBackOff";
  const now = status.state?.terminated;
  const last = now ?? status.lastState?.terminated;
  if (last === undefined || (!crashing && now === undefined && (status.restartCount ?? 0) < 2))
    return undefined;
  return {
    sentence: `container ${status.name} ${last.exitCode === 0 ? "ended" : "crashed"} ${times(status.restartCount ?? 0)}: ${exitMeaning(last.exitCode, last.reason)}`,
    why:
      last.exitCode === 0
        ? "a server must keep running; this one ended by itself"
        : "the process ends before it is ready to serve",
    seen: [waitingLine(count, pod)],
    next: ["read the lines of its log above, mend the app or its settings"],
    field: path,
    logOf: { pod: pod.metadata.name, container: status.name, previous: now === undefined },
    doomed: (status.restartCount ?? 0) >= 2,
  };
}

function unschedulable(pod: Pod): Diagnosis | undefined {
  const condition = pod.status?.conditions?.find(
    (each) => each.type === "PodScheduled" && each.status === "False",
  );
  if (condition === undefined) return undefined;
  const affinity = /affinity/i.test(condition.message ?? "");
  return {
    sentence: `pod ${pod.metadata.name} fits on no node: ${condition.message ?? condition.reason ?? "unschedulable"}`,
    why: affinity
      ? "a rolling update needs room for one pod more, and a required rule leaves none"
      : "no node has what the pod asks for",
    seen: [`PodScheduled is False (${condition.reason ?? "Unschedulable"})`],
    next: affinity
      ? [
          "prefer instead of require: preferredDuringSchedulingIgnoredDuringExecution",
          "or strategy.rollingUpdate.maxSurge: 0 with maxUnavailable: 1",
        ]
      : ["ask for less in resources.requests, or add nodes"],
    field: affinity
      ? ["spec", "template", "spec", "affinity"]
      : ["spec", "template", "spec", "containers", 0, "resources"],
    logOf: undefined,
    doomed: false,
  };
}

function creationTrouble(set: ReplicaSet | undefined, evidence: RolloutEvidence): Diagnosis | undefined {
  const conditions = [...(set?.status?.conditions ?? []), ...(evidence.deployment.status?.conditions ?? [])];
  const failure = conditions.find(
    (condition) => condition.type === "ReplicaFailure" && condition.status === "True",
  );
  if (failure === undefined) return undefined;
  return {
    sentence: `its pods cannot be made: ${failure.message ?? failure.reason ?? "the API refused them"}`,
    why: "the API server refused the pod: a quota, a policy, or a missing ServiceAccount",
    seen: [`ReplicaSet ${set?.metadata.name ?? ""}: ReplicaFailure, ${failure.reason ?? "FailedCreate"}`],
    next: ["mend what the message names; the ReplicaSet tries again by itself"],
    field: ["spec", "template", "spec"],
    logOf: undefined,
    doomed: false,
  };
}

function probeTrouble(pod: Pod, count: number, evidence: RolloutEvidence): Diagnosis | undefined {
  const unhealthy = eventsOf(pod, evidence).filter((event) => event.reason === "Unhealthy");
  const probe = (event: CoreEvent) =>
    /^(Readiness|Liveness|Startup)/.exec(event.message ?? "")?.[1]?.toLowerCase() ?? "readiness";
  const killing = unhealthy.find((event) => probe(event) !== "readiness");
  const event = killing ?? unhealthy.at(-1);
  if (event === undefined) return undefined;
  const name = probe(event);
  const container = /\{(.+)\}/.exec(event.involvedObject?.fieldPath ?? "")?.[1];
  const index = Math.max(
    0,
    pod.spec.containers.findIndex((each) => each.name === container),
  );
  const field = ["spec", "template", "spec", "containers", index, `${name}Probe`] as const;
  return {
    sentence: `pod ${pod.metadata.name} runs but its ${name} probe fails: ${shortProbeMessage(event.message ?? "")}`,
    why:
      name === "readiness"
        ? "a pod gets requests, and counts as available, only when this probe passes"
        : `a failing ${name} probe restarts the container`,
    seen: [
      waitingLine(count, pod),
      `${event.count ?? 1} time${(event.count ?? 1) === 1 ? "" : "s"}: ${event.message ?? ""}`.trim(),
    ],
    next: [
      `let the app answer where the probe asks (${describeProbe(pod, index, name)}), or correct the probe`,
    ],
    field,
    logOf: {
      pod: pod.metadata.name,
      container: container ?? pod.spec.containers[0]?.name ?? "",
      previous: false,
    },
    doomed: false,
  };
}

function describeProbe(pod: Pod, index: number, name: string): string {
  const container = pod.spec.containers[index];
  const probe =
    name === "liveness"
      ? container?.livenessProbe
      : name === "startup"
        ? container?.startupProbe
        : container?.readinessProbe;
  if (probe?.httpGet !== undefined) return `GET ${probe.httpGet.path ?? "/"} on port ${probe.httpGet.port}`;
  if (probe?.tcpSocket !== undefined) return `TCP port ${probe.tcpSocket.port}`;
  if (probe?.exec !== undefined) return `exit 0 of ${(probe.exec.command ?? []).join(" ")}`;
  return "see the probe";
}

function shortProbeMessage(message: string): string {
  return (
    message
      .replace(/^(Readiness|Liveness|Startup) probe (failed|errored)[^:]*: */, "")
      .trim()
      .split("\n")[0] ?? message
  );
}

function stillCreating(pod: Pod, evidence: RolloutEvidence): Diagnosis | undefined {
  const warning = eventsOf(pod, evidence).find((event) => event.type === "Warning");
  if (warning === undefined) return undefined;
  return {
    sentence: `pod ${pod.metadata.name}: ${warning.reason ?? "Warning"}: ${warning.message ?? ""}`,
    why: "the pod's volumes, network or sandbox could not be set up",
    seen: [],
    next: [`kubectl describe pod ${pod.metadata.name}`],
    field: ["spec", "template", "spec"],
    logOf: undefined,
    doomed: false,
  };
}

function paused(deployment: Deployment): Diagnosis | undefined {
  if (deployment.spec.paused !== true) return undefined;
  return {
    sentence: "somebody paused it",
    why: "a paused Deployment does not roll",
    seen: ["spec.paused is true"],
    next: [`kubectl rollout resume deployment/${deployment.metadata.name}`],
    field: ["spec", "paused"],
    logOf: undefined,
    doomed: true,
  };
}

function waitingForMore(evidence: RolloutEvidence, unready: readonly Pod[]): Diagnosis | undefined {
  const { spec, status } = evidence.deployment;
  const [pod] = unready;
  if (pod === undefined) return undefined;
  return {
    sentence: `${status?.readyReplicas ?? 0} of ${spec.replicas ?? 1} pods are ready, and ${pod.metadata.name} is not`,
    why: "no probe or container reported a reason",
    seen: [`phase ${pod.status?.phase ?? "unknown"}`],
    next: ["wait longer with --timeout", `kubectl describe pod ${pod.metadata.name}`],
    field: ["spec", "template", "spec"],
    logOf: { pod: pod.metadata.name, container: pod.spec.containers[0]?.name ?? "", previous: false },
    doomed: false,
  };
}

function eventsOf(pod: Pod, evidence: RolloutEvidence): CoreEvent[] {
  return evidence.events.filter(
    (event) =>
      event.involvedObject?.uid === pod.metadata.uid ||
      (event.involvedObject?.kind === "Pod" && event.involvedObject.name === pod.metadata.name),
  );
}

function imageOf(pod: Pod, status: ContainerStatus): string {
  return (
    [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].find((each) => each.name === status.name)
      ?.image ?? "?"
  );
}

function waitingLine(count: number, pod: Pod): string {
  return count === 1
    ? `1 new pod is not ready: ${pod.metadata.name}`
    : `${count} new pods are not ready, among them ${pod.metadata.name}`;
}

function times(restarts: number): string {
  return restarts === 0 ? "once" : `${restarts + 1} times`;
}

function exitMeaning(exitCode: number, reason?: string): string {
  if (reason === "OOMKilled") return "it used more memory than its limit (OOMKilled)";
  const meaning: Record<number, string> = {
    126: "the command is not executable",
    127: "the command was not found",
    128: "the command cannot be run",
    137: "it was killed (SIGKILL)",
    139: "it crashed in native code (SIGSEGV)",
    143: "it was ended (SIGTERM)",
  };
  const text = meaning[exitCode];
  return text === undefined ? `exit code ${exitCode}` : `${text}, exit code ${exitCode}`;
}
