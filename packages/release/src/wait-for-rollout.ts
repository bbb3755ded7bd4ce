import { createInformer, type KubeClient } from "@seaworthy/client";
import type { Place } from "@seaworthy/errors";
import { resourceTypes, type Deployment, type Manifest, type Pod, isPodReady } from "@seaworthy/kube";
import { diagnose } from "./diagnosis/diagnose.ts";
import { gatherEvidence } from "./gather-evidence.ts";
import { readinessDelay } from "./readiness-delay.ts";
import { stuckError } from "./stuck-error.ts";

/** Which Deployment, or which Pod that nobody manages, and where its fields were written. */
export interface RolloutTarget {
  /** A Deployment when absent. */
  readonly kind?: "Deployment" | "Pod";
  readonly namespace: string;
  readonly name: string;
  /** The place of a field of the object, or of its nearest ancestor, when it came from a file. */
  readonly placeOf?: (path: readonly (string | number)[]) => Place | undefined;
}

export interface RolloutOptions {
  /**
   * How long it may go without any progress, beyond what probes and minReadySeconds ask for. A shorter
   * progressDeadlineSeconds ends it earlier.
   */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** Called whenever the numbers change. */
  readonly onProgress?: (progress: RolloutProgress) => void;
}

/** How far a rollout is. */
export interface RolloutProgress {
  readonly desired: number;
  readonly updated: number;
  readonly ready: number;
  readonly available: number;
}

/** The Deployments among some manifests, as targets. `namespace` is for those that name none. */
export function rolloutTargets(manifests: readonly Manifest[], namespace: string): RolloutTarget[] {
  return targetsOf(manifests, namespace, "apps/v1", "Deployment");
}

/** The Pods among some manifests, as targets. */
export function podTargets(manifests: readonly Manifest[], namespace: string): RolloutTarget[] {
  return targetsOf(manifests, namespace, "v1", "Pod");
}

function targetsOf(
  manifests: readonly Manifest[],
  namespace: string,
  apiVersion: string,
  kind: "Deployment" | "Pod",
): RolloutTarget[] {
  return manifests
    .filter(({ object }) => object.apiVersion === apiVersion && object.kind === kind)
    .map((manifest) => ({
      kind,
      namespace: manifest.object.metadata.namespace ?? namespace,
      name: manifest.object.metadata.name,
      placeOf: (path) => manifest.locate(path),
    }));
}

/** How often the pods are looked at for a reason that makes waiting pointless. */
const doomCheckMs = 1_000;

/**
 * Waits until a Deployment is rolled out, as `kubectl rollout status` does, or until a Pod is ready or done. Rejects with
 * SW4002 when no pod ever was ready and with SW4001 when the old revision still serves, both with the first specific
 * reason: as soon as that is certain, else when nothing moved for as long as the options and the probes allow.
 */
export async function waitForRollout(
  client: KubeClient,
  target: RolloutTarget,
  options: RolloutOptions,
): Promise<void> {
  options.signal?.throwIfAborted();
  const type = target.kind === "Pod" ? resourceTypes.pods : resourceTypes.deployments;
  await using informer = createInformer<Deployment | Pod>(client, type, { namespace: target.namespace });
  const startedAt = performance.now();
  const done = Promise.withResolvers<"done" | "stuck">();
  let last = "";
  let deadline: NodeJS.Timeout | undefined;
  const restartDeadline = (allowedMs: number) => {
    clearTimeout(deadline);
    deadline = setTimeout(() => done.resolve("stuck"), options.timeoutMs + allowedMs);
  };
  const onAbort = () => done.reject(options.signal?.reason);
  options.signal?.addEventListener("abort", onAbort, { once: true });
  const isCertain = certainty(client, target);
  const doomCheck = setInterval(() => {
    void isCertain().then((certain) => {
      if (certain) done.resolve("stuck");
    });
  }, doomCheckMs);
  restartDeadline(0);
  informer.onChange(({ object }) => {
    if (object.metadata.name !== target.name) return;
    const state = isDeployment(object) ? rolloutState(object) : podState(object);
    const text = JSON.stringify(state.progress);
    if (text !== last) {
      last = text;
      restartDeadline(isDeployment(object) ? readinessDelay(object.spec).mostMs : 0);
      options.onProgress?.(state.progress);
    }
    if (state.done) done.resolve("done");
    if (state.deadlineExceeded) done.resolve("stuck");
  });
  try {
    if ((await done.promise) === "stuck")
      throw await stuckError(client, target, performance.now() - startedAt);
  } finally {
    clearTimeout(deadline);
    clearInterval(doomCheck);
    options.signal?.removeEventListener("abort", onAbort);
  }
}

/** Tells whether the same reason has held for long enough that waiting cannot help. */
function certainty(client: KubeClient, target: RolloutTarget): () => Promise<boolean> {
  let reason: { readonly kind: string; readonly sinceMs: number } | undefined;
  return async () => {
    // A failed look proves nothing; the deadline still ends the wait.
    const evidence = await gatherEvidence(client, target).catch(() => undefined);
    const found = evidence === undefined ? undefined : diagnose(evidence);
    if (found?.certainAfterMs === undefined) {
      reason = undefined;
      return false;
    }
    const nowMs = performance.now();
    if (reason?.kind !== found.kind) reason = { kind: found.kind, sinceMs: nowMs };
    return nowMs - reason.sinceMs >= found.certainAfterMs;
  };
}

function isDeployment(object: Deployment | Pod): object is Deployment {
  return object.kind === "Deployment";
}

interface RolloutState {
  readonly done: boolean;
  readonly deadlineExceeded: boolean;
  readonly progress: RolloutProgress;
}

/** Whether a Deployment is rolled out; the rule is that of kubectl's rollout_status.go. */
export function rolloutState(deployment: Deployment): RolloutState {
  const { spec, status = {} } = deployment;
  const desired = spec.replicas ?? 1;
  const updated = status.updatedReplicas ?? 0;
  const available = status.availableReplicas ?? 0;
  const observed = (status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 1);
  const progressing = status.conditions?.find((condition) => condition.type === "Progressing");
  return {
    done: observed && updated >= desired && (status.replicas ?? 0) <= updated && available >= updated,
    deadlineExceeded: observed && progressing?.reason === "ProgressDeadlineExceeded",
    progress: { desired, updated, ready: status.readyReplicas ?? 0, available },
  };
}

/** A Pod alone is there when it is ready, or has done its work; one that failed stays so. */
function podState(pod: Pod): RolloutState {
  const phase = pod.status?.phase;
  const done = isPodReady(pod) || phase === "Succeeded";
  const count = done ? 1 : 0;
  return {
    done,
    deadlineExceeded: phase === "Failed",
    progress: { desired: 1, updated: 1, ready: count, available: count },
  };
}
