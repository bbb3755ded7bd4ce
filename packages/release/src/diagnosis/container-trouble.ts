import type { ContainerStatus, Pod } from "@seaworthy/kube";
import {
  eventsOf,
  podSpecPath,
  settleMs,
  waitingLine,
  type Diagnosis,
  type RolloutEvidence,
} from "./diagnosis.ts";
import { probeTrouble } from "./probe-trouble.ts";

/** Why a container of a pod cannot run or does not go on running. */
export function containerTrouble(pod: Pod, count: number, evidence: RolloutEvidence): Diagnosis | undefined {
  for (const [list, statuses] of [
    ["initContainers", pod.status?.initContainerStatuses],
    ["containers", pod.status?.containerStatuses],
  ] as const) {
    for (const status of statuses ?? []) {
      const index = (pod.spec[list] ?? []).findIndex((container) => container.name === status.name);
      const path = [...podSpecPath(evidence), list, Math.max(0, index)];
      const at: Where = { pod, status, count, evidence, path };
      const found =
        imageTrouble(at) ?? configTrouble(at) ?? startTrouble(at) ?? killedByProbe(at) ?? crashTrouble(at);
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
  const first = eventsOf(pod, evidence.events).find(
    (event) => event.reason === "Failed" && /^failed to pull/i.test(event.message ?? ""),
  );
  const isFinal = waiting.reason === "InvalidImageName" || waiting.reason === "ErrImageNeverPull";
  return {
    kind: `image of ${status.name}`,
    sentence: `image ${status.image || imageOf(pod, status)} cannot be pulled`,
    why: first?.message ?? waiting.message ?? waiting.reason,
    seen: [waitingLine(count, pod), `${status.name}: ${waiting.reason}`],
    next: [
      "push the image, or correct its name",
      "on the embedded cluster: --run IMAGE=COMMAND says what to run for it",
    ],
    field: [...path, "image"],
    pod,
    logOf: undefined,
    // A registry may be slow or busy, so that a second and a third try are waited for.
    certainAfterMs: isFinal ? 0 : 3 * settleMs,
  };
}

function configTrouble({ pod, status, count, path }: Where): Diagnosis | undefined {
  const waiting = status.state?.waiting;
  if (waiting?.reason !== "CreateContainerConfigError") return undefined;
  const message = waiting.message ?? "its configuration is missing";
  return {
    kind: `configuration of ${status.name}`,
    sentence: `container ${status.name} cannot be configured: ${message}`,
    why: "what the container's environment or security context asks for is not there",
    seen: [waitingLine(count, pod)],
    next: ["add the missing object to the manifests, or mark the reference optional: true"],
    field: [...path, "env"],
    pod,
    logOf: undefined,
    certainAfterMs: settleMs,
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
  // The runtime could not start the command: the image and the command stay what they are.
  const isFinal = last?.reason === "StartError" || waiting?.reason === "RunContainerError";
  const restarts = status.restartCount ?? 0;
  return {
    kind: `start of ${status.name}`,
    sentence: `container ${status.name} cannot be started: ${message}`,
    why: "the command does not exist, is not executable, or failed at once",
    seen: [
      waitingLine(count, pod),
      ...(last === undefined ? [] : [`exit code ${last.exitCode} (${last.reason ?? "Error"})`]),
    ],
    next: ["correct command and args, or what --run IMAGE=COMMAND gives for this image"],
    field: [...path, "command"],
    pod,
    logOf: last === undefined ? undefined : { container: status.name, previous: terminated === undefined },
    certainAfterMs: isFinal || restarts >= 1 ? 0 : undefined,
  };
}

/** How often a container may end until it is called hopeless: what it waits for at its start may come meanwhile. */
const hopelessRestarts = 2;

function crashTrouble({ pod, status, count, path }: Where): Diagnosis | undefined {
  const crashing = status.state?.waiting?.reason === "CrashLoopBackOff";
  const now = status.state?.terminated;
  const last = now ?? status.lastState?.terminated;
  const restarts = status.restartCount ?? 0;
  // An init container that ended well has done its work.
  if (path.includes("initContainers") && last?.exitCode === 0) return undefined;
  if (last === undefined || (!crashing && now === undefined && restarts < hopelessRestarts)) return undefined;
  return {
    kind: `crash of ${status.name}`,
    sentence: `container ${status.name} ${last.exitCode === 0 ? "ended" : "crashed"} ${times(restarts)}: ${exitMeaning(last.exitCode, last.reason)}`,
    why:
      last.exitCode === 0
        ? "a server must keep running; this one ended by itself"
        : "the process ends before it is ready to serve",
    seen: [waitingLine(count, pod)],
    next: ["read the lines of its log above, mend the app or its settings"],
    field: path,
    pod,
    logOf: { container: status.name, previous: now === undefined },
    certainAfterMs: restarts >= hopelessRestarts ? 0 : undefined,
  };
}

/** A probe that kills a container again and again is the trouble, not the exit code of the kill. */
function killedByProbe({ pod, status, count, evidence }: Where): Diagnosis | undefined {
  const restarts = status.restartCount ?? 0;
  if (restarts === 0) return undefined;
  const found = probeTrouble(
    pod,
    count,
    evidence,
    (probe, container) => probe !== "readiness" && container === status.name,
  );
  return found === undefined
    ? undefined
    : { ...found, certainAfterMs: restarts >= hopelessRestarts ? 0 : undefined };
}

function imageOf(pod: Pod, status: ContainerStatus): string {
  return (
    [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].find((each) => each.name === status.name)
      ?.image ?? "?"
  );
}

function times(restarts: number): string {
  return restarts === 0 ? "once" : `${restarts + 1} times`;
}

/** What an exit code tells. */
export function exitMeaning(exitCode: number, reason?: string): string {
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
