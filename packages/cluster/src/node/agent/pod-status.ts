import { createHash } from "node:crypto";
import {
  deepEqual,
  type ContainerStatus,
  type Pod,
  type PodCondition,
  type PodStatus,
  timestamp,
  qosClassOf,
  isSidecar,
} from "@seaworthy/kube";
import type { PodEnding } from "./pod-ending.ts";
import type { ContainerRecord } from "../container/container-record.ts";

/** What a pod's status is made of. */
export interface PodFacts {
  readonly pod: Pod;
  readonly init: readonly ContainerRecord[];
  readonly main: readonly ContainerRecord[];
  readonly ephemeral: readonly ContainerRecord[];
  /** Why its node ends it for good. */
  readonly ending: PodEnding | undefined;
  /** Why the node has not given the pod the resources that its spec says by now. */
  readonly pendingResize?: string | undefined;
  /** Undefined until the pod's network stands. */
  readonly podIp: string | undefined;
  readonly hostIp: string;
  readonly startTimeMs: number;
  readonly nowMs: number;
}

/** The status that a pod has by these facts; conditions keep their times while they do not change. */
export function computePodStatus(facts: PodFacts): PodStatus {
  const { pod, init, main, ephemeral, podIp, hostIp } = facts;
  const reached = facts.ending === undefined ? computePhase(facts) : "Failed";
  const isHeld =
    reached in completion &&
    [...init, ...main, ...ephemeral].some(({ state }) => state.running !== undefined);
  return {
    // pkg/kubelet/status/status_manager.go, mergePodStatus: a pod is over when none of its containers runs.
    phase: isHeld ? "Running" : reached,
    ...(facts.ending === undefined || isHeld ? {} : facts.ending),
    conditions: [...conditions(facts, completion[reached], reached), ...disruption(facts)],
    hostIP: hostIp,
    hostIPs: [{ ip: hostIp }],
    ...(podIp === undefined ? {} : { podIP: podIp, podIPs: [{ ip: podIp }] }),
    startTime: timestamp(facts.startTimeMs),
    qosClass: pod.status?.qosClass ?? qosClassOf(pod),
    ...(pod.metadata.generation === undefined ? {} : { observedGeneration: pod.metadata.generation }),
    ...(init.length === 0
      ? {}
      : { initContainerStatuses: init.map((record) => containerStatus(record, pod, true)) }),
    containerStatuses: main.map((record) => containerStatus(record, pod, false)),
    ...(ephemeral.length === 0
      ? {}
      : { ephemeralContainerStatuses: ephemeral.map((record) => ephemeralStatus(record, pod)) }),
  };
}

/** Why a pod that is over is not ready (pkg/kubelet/status/generate.go). */
const completion: Readonly<Record<string, string>> = { Succeeded: "PodCompleted", Failed: "PodFailed" };

/** pkg/kubelet/kubelet_pods.go getPhase, and that a pod whose containers all ended while it was deleted is over. */
function computePhase(facts: PodFacts): string {
  const { pod, init, main } = facts;
  const policy = pod.spec.restartPolicy ?? "Always";
  const ended = main.filter(({ state }) => state.terminated !== undefined);
  const failedInit = init.some(
    (record) => !isSidecarOf(pod, record.name) && (record.state.terminated?.exitCode ?? 0) !== 0,
  );
  if (failedInit && policy === "Never") return "Failed";
  if (pod.metadata.deletionTimestamp !== undefined && ended.length === main.length)
    return ended.every(isSuccess) ? "Succeeded" : "Failed";
  if (!isInitialized(facts)) return "Pending";
  if (ended.length === main.length && main.length > 0 && policy !== "Always") {
    if (ended.every(isSuccess)) return "Succeeded";
    if (policy === "Never") return "Failed";
  }
  const waitsForFirstStart = main.some(
    ({ state, lastState }) => state.waiting !== undefined && lastState === undefined,
  );
  return waitsForFirstStart ? "Pending" : "Running";
}

function conditions(facts: PodFacts, completed: string | undefined, phase: string): PodCondition[] {
  const { pod, init, main, podIp } = facts;
  const initialized = isInitialized(facts);
  const unready = [...init.filter(({ name }) => isSidecarOf(pod, name)), ...main].filter(
    (record) => !isReady(record),
  );
  const containersReady = initialized && unready.length === 0 && completed === undefined;
  const notReady = {
    reason: completed ?? "ContainersNotReady",
    message: completed === undefined ? `containers with unready status: ${names(unready)}` : undefined,
  };
  const openGates = (pod.spec.readinessGates ?? []).filter(
    ({ conditionType }) =>
      pod.status?.conditions?.find(({ type }) => type === conditionType)?.status !== "True",
  );
  const isOver = completed !== undefined;
  const uninitialized = init.filter(({ state }) => state.terminated?.exitCode !== 0);
  const wanted: Omit<PodCondition, "lastProbeTime">[] = [
    condition("PodReadyToStartContainers", podIp !== undefined && !isOver),
    phase === "Succeeded"
      ? { type: "Initialized", status: "True", reason: "PodCompleted" }
      : condition("Initialized", initialized, {
          reason: "ContainersNotInitialized",
          message: `containers with incomplete status: ${names(uninitialized)}`,
        }),
    containersReady && openGates.length > 0
      ? condition("Ready", false, {
          reason: "ReadinessGatesNotReady",
          message: `the status of pod readiness gate "${openGates[0]!.conditionType}" is not "True"`,
        })
      : condition("Ready", containersReady, notReady),
    condition("ContainersReady", containersReady, notReady),
    condition("PodScheduled", true),
    ...resizeConditions(facts),
  ];
  const before = pod.status?.conditions ?? [];
  const ours = wanted.map((next) => {
    const old = before.find(({ type }) => type === next.type);
    const since = old?.status === next.status ? old.lastTransitionTime : undefined;
    return { ...next, lastTransitionTime: since ?? timestamp(facts.nowMs) };
  });
  const others = before.filter(
    ({ type }) => !resizeTypes.includes(type) && !wanted.some((next) => next.type === type),
  );
  return [...ours, ...others];
}

function condition(
  type: string,
  isTrue: boolean,
  why: { readonly reason?: string | undefined; readonly message?: string | undefined } = {},
): PodCondition {
  if (isTrue) return { type, status: "True" };
  return {
    type,
    status: "False",
    ...(why.reason === undefined ? {} : { reason: why.reason }),
    ...(why.message === undefined ? {} : { message: why.message }),
  };
}

const resizeTypes = ["PodResizePending", "PodResizeInProgress"];

/** They are there as long as there is something to do (pkg/kubelet/status/status_manager.go). */
function resizeConditions({ pod, init, main, pendingResize: message }: PodFacts): PodCondition[] {
  const { generation } = pod.metadata;
  const observed = {
    status: "True",
    ...(generation === undefined ? {} : { observedGeneration: generation }),
  };
  const resizing = [...init, ...main].filter(
    ({ state, resources, allocated }) => state.running !== undefined && !deepEqual(resources, allocated),
  );
  const errors = resizing.flatMap(({ resizeError }) => resizeError ?? []);
  const why = errors.length === 0 ? {} : { reason: "Error", message: errors.join("; ") };
  return [
    ...(message === undefined ? [] : [{ type: resizeTypes[0]!, ...observed, reason: "Deferred", message }]),
    ...(resizing.length === 0 ? [] : [{ type: resizeTypes[1]!, ...observed, ...why }]),
  ];
}

/** What an eviction by the node is called, once. */
function disruption({ pod, ending, nowMs }: PodFacts): PodCondition[] {
  const isTold = pod.status?.conditions?.some(({ type }) => type === "DisruptionTarget") === true;
  if (ending?.reason !== "Evicted" || isTold) return [];
  const { message } = ending;
  const target = { type: "DisruptionTarget", status: "True", reason: "TerminationByKubelet", message };
  return [{ ...target, lastTransitionTime: timestamp(nowMs) }];
}

function containerStatus(record: ContainerRecord, pod: Pod, isInit: boolean): ContainerStatus {
  const completedInit = isInit && !isSidecarOf(pod, record.name) && record.state.terminated?.exitCode === 0;
  return {
    name: record.name,
    state: record.state,
    lastState: record.lastState ?? {},
    ready: completedInit || isReady(record),
    restartCount: record.restartCount,
    image: record.image,
    imageID: record.containerId === "" ? "" : `seaworthy://sha256:${digest(record.image)}`,
    ...(record.containerId === "" ? {} : { containerID: record.containerId }),
    started: record.state.running !== undefined && record.started,
    ...(record.resources === undefined ? {} : { resources: record.resources }),
    ...(record.allocated?.requests === undefined ? {} : { allocatedResources: record.allocated.requests }),
  };
}

/** Nobody probes a container that was added to the pod. */
function ephemeralStatus(record: ContainerRecord, pod: Pod): ContainerStatus {
  const { started: _, ...status } = containerStatus(record, pod, false);
  return { ...status, ready: false };
}

function isSidecarOf(pod: Pod, name: string): boolean {
  return (pod.spec.initContainers ?? []).some((container) => container.name === name && isSidecar(container));
}

/** Sidecars that end, or start again, do not undo it (pkg/kubelet/status/generate.go, GeneratePodInitializedCondition). */
function isInitialized({ pod, init, main }: PodFacts): boolean {
  if (main.some(({ state }) => state.running !== undefined || state.terminated !== undefined)) return true;
  return init.every((record) =>
    isSidecarOf(pod, record.name)
      ? record.started || record.lastState !== undefined
      : record.state.terminated?.exitCode === 0,
  );
}

function isReady(record: ContainerRecord): boolean {
  return record.state.running !== undefined && record.started && record.ready;
}

function isSuccess(record: ContainerRecord): boolean {
  return record.state.terminated?.exitCode === 0;
}

function names(records: readonly ContainerRecord[]): string {
  return `[${records.map(({ name }) => name).join(" ")}]`;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
