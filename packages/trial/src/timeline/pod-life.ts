import type { Change } from "@seaworthy/client";
import { type Pod, deploymentOf, isPodReady } from "@seaworthy/kube";
import type { ContainerEnd, PodLife, ReadyChange } from "./timeline.ts";

/** A pod's life while it is written. */
export type MutablePodLife = {
  -readonly [K in keyof PodLife]: PodLife[K] extends readonly (infer Item)[] ? Item[] : PodLife[K];
};

/** Adds what one change tells of a pod to its life. */
export function applyPod(lives: Map<string, MutablePodLife>, change: Change<Pod>, at: number): void {
  const pod = change.object;
  const uid = pod.metadata.uid ?? pod.metadata.name;
  const life = lives.get(uid) ?? newLife(pod, at);
  lives.set(uid, life);
  life.ip = pod.status?.podIP ?? life.ip;
  life.node = pod.spec.nodeName ?? life.node;
  noteReady(life.ready, isPodReady(pod), at);
  noteEnds(life.ends, pod, at);
  const deleted = pod.metadata.deletionTimestamp !== undefined || change.type === "deleted";
  if (deleted) life.deletionSeenAt ??= at;
  // The embedded and the real API server both set it on the deletion; force-deletion sets it to 0.
  if (pod.metadata.deletionGracePeriodSeconds !== undefined)
    life.graceSeconds ??= pod.metadata.deletionGracePeriodSeconds;
  if (change.type === "deleted") life.goneAt ??= at;
}

function newLife(pod: Pod, at: number): MutablePodLife {
  const set = pod.metadata.ownerReferences?.find((owner) => owner.kind === "ReplicaSet")?.name;
  return {
    uid: pod.metadata.uid ?? pod.metadata.name,
    namespace: pod.metadata.namespace ?? "default",
    name: pod.metadata.name,
    deployment: set === undefined ? undefined : (deploymentOf(pod, set) ?? set),
    revision: pod.metadata.labels?.["pod-template-hash"],
    seenAt: at,
    ip: undefined,
    node: undefined,
    ready: [],
    deletionSeenAt: undefined,
    graceSeconds: undefined,
    ends: [],
    goneAt: undefined,
  };
}

function noteReady(changes: ReadyChange[], ready: boolean, at: number): void {
  if ((changes.at(-1)?.ready ?? false) !== ready) changes.push({ at, ready });
}

/** An end shows in `state` while the container is down and in `lastState` once it runs again. */
function noteEnds(ends: ContainerEnd[], pod: Pod, at: number): void {
  for (const status of pod.status?.containerStatuses ?? []) {
    for (const ended of [status.state?.terminated, status.lastState?.terminated]) {
      if (ended === undefined || ended.finishedAt === undefined) continue;
      const key = `${status.name} ${ended.containerID ?? ended.finishedAt}`;
      if (seenEnds(ends).has(key)) continue;
      seenEnds(ends).add(key);
      ends.push({ container: status.name, at, exitCode: ended.exitCode, reason: ended.reason });
    }
  }
}

const keysOf = new WeakMap<ContainerEnd[], Set<string>>();

/** Which ends are written down already; a watch repeats them with every later change. */
function seenEnds(ends: ContainerEnd[]): Set<string> {
  const keys = keysOf.get(ends) ?? new Set<string>();
  keysOf.set(ends, keys);
  return keys;
}
