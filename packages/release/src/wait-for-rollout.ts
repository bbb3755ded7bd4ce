import { createInformer, type KubeClient } from "@seaworthy/client";
import type { Place } from "@seaworthy/errors";
import type { Manifest } from "@seaworthy/kube";
import { diagnose } from "./diagnosis/diagnose.ts";
import { gatherEvidence } from "./gather-evidence.ts";
import { readinessDelay } from "./readiness-delay.ts";
import { rolledKinds, type Rolled, type RolledKind } from "./rollout-kinds.ts";
import type { RolloutProgress } from "./rollout-state.ts";
import { stuckError } from "./stuck-error.ts";

/** Which workload, or which Pod that nobody manages, and where its fields were written. */
export interface RolloutTarget {
  /** A Deployment when absent. */
  readonly kind?: RolledKind;
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

/** The Deployments, StatefulSets and DaemonSets among some manifests, as targets. `namespace` is for those that name none. */
export function rolloutTargets(manifests: readonly Manifest[], namespace: string): RolloutTarget[] {
  return (["Deployment", "StatefulSet", "DaemonSet"] as const).flatMap((kind) =>
    targetsOf(manifests, namespace, kind),
  );
}

/** The Pods among some manifests, as targets. */
export function podTargets(manifests: readonly Manifest[], namespace: string): RolloutTarget[] {
  return targetsOf(manifests, namespace, "Pod");
}

function targetsOf(manifests: readonly Manifest[], namespace: string, kind: RolledKind): RolloutTarget[] {
  const { apiVersion } = rolledKinds[kind].type;
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
 * Waits until a workload is rolled out, as `kubectl rollout status` does, or until a Pod is ready or done. Rejects with
 * SW4002 when no pod ever was ready and with SW4001 when the old revision still serves, both with the first specific
 * reason: as soon as that is certain, else when nothing moved for as long as the options and the probes allow.
 */
export async function waitForRollout(
  client: KubeClient,
  target: RolloutTarget,
  options: RolloutOptions,
): Promise<void> {
  options.signal?.throwIfAborted();
  const { type, state: stateOf, template } = rolledKinds[target.kind ?? "Deployment"];
  await using informer = createInformer<Rolled>(client, type, { namespace: target.namespace });
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
    const state = stateOf(object);
    const text = JSON.stringify(state.progress);
    if (text !== last) {
      last = text;
      restartDeadline(template === undefined ? 0 : readinessDelay(template(object)).mostMs);
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
