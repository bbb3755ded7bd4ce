import { createInformer, type KubeClient } from "@seaworthy/client";
import { SeaworthyError, type Place } from "@seaworthy/errors";
import {
  resourceTypes,
  type CoreEvent,
  type Deployment,
  type Manifest,
  type Pod,
  type ReplicaSet,
} from "@seaworthy/kube";
import { diagnose, type Diagnosis, type RolloutEvidence } from "./diagnose.ts";

/** Which Deployment, and where its fields were written. */
export interface RolloutTarget {
  readonly namespace: string;
  readonly name: string;
  /** The place of a field of the Deployment, or of its nearest ancestor, when it came from a file. */
  readonly placeOf?: (path: readonly (string | number)[]) => Place | undefined;
}

export interface RolloutOptions {
  /** How long it may go without any progress. A shorter progressDeadlineSeconds ends it earlier. */
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
  return manifests
    .filter(({ object }) => object.apiVersion === "apps/v1" && object.kind === "Deployment")
    .map((manifest) => ({
      namespace: manifest.object.metadata.namespace ?? namespace,
      name: manifest.object.metadata.name,
      placeOf: (path) => manifest.locate(path),
    }));
}

/** How often the pods are looked at for a reason that makes waiting pointless. */
const doomCheckMs = 1_000;

/**
 * Waits until a Deployment is rolled out, as `kubectl rollout status` does. Rejects with SW4002 when no pod
 * ever was ready and with SW4001 when the old revision still serves, both with the first specific reason.
 */
export async function waitForRollout(
  client: KubeClient,
  target: RolloutTarget,
  options: RolloutOptions,
): Promise<void> {
  options.signal?.throwIfAborted();
  await using informer = createInformer<Deployment>(client, resourceTypes.deployments, {
    namespace: target.namespace,
  });
  const startedAt = performance.now();
  const done = Promise.withResolvers<"done" | "stuck">();
  let last = "";
  let deadline: NodeJS.Timeout | undefined;
  const restartDeadline = () => {
    clearTimeout(deadline);
    deadline = setTimeout(() => done.resolve("stuck"), options.timeoutMs);
  };
  const onAbort = () => done.reject(options.signal?.reason);
  options.signal?.addEventListener("abort", onAbort, { once: true });
  const doomCheck = setInterval(() => {
    void isDoomed(client, target).then((doomed) => {
      if (doomed) done.resolve("stuck");
    });
  }, doomCheckMs);
  restartDeadline();
  informer.onChange((change) => {
    if (change.object.metadata.name !== target.name) return;
    const state = rolloutState(change.object);
    const text = JSON.stringify(state.progress);
    if (text !== last) {
      last = text;
      restartDeadline();
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

/** Whether a Deployment is rolled out; the rule is that of kubectl's rollout_status.go. */
export function rolloutState(deployment: Deployment): {
  done: boolean;
  deadlineExceeded: boolean;
  progress: RolloutProgress;
} {
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

async function isDoomed(client: KubeClient, target: RolloutTarget): Promise<boolean> {
  try {
    const evidence = await gatherEvidence(client, target);
    return evidence !== undefined && diagnose(evidence)?.doomed === true;
  } catch {
    // A failed look proves nothing; the deadline still ends the wait.
    return false;
  }
}

async function gatherEvidence(
  client: KubeClient,
  target: RolloutTarget,
): Promise<RolloutEvidence | undefined> {
  const { namespace, name } = target;
  const [deployments, replicaSets, pods, events] = await Promise.all([
    client.list<Deployment>(resourceTypes.deployments, { namespace }),
    client.list<ReplicaSet>(resourceTypes.replicasets, { namespace }),
    client.list<Pod>(resourceTypes.pods, { namespace }),
    client.list<CoreEvent>(resourceTypes.events, { namespace }),
  ]);
  const deployment = deployments.items.find((each) => each.metadata.name === name);
  if (deployment === undefined) return undefined;
  const owned = replicaSets.items.filter((set) =>
    set.metadata.ownerReferences?.some((owner) => owner.uid === deployment.metadata.uid),
  );
  const uids = new Set(owned.map((set) => set.metadata.uid));
  return {
    deployment,
    replicaSets: owned,
    pods: pods.items.filter((pod) => pod.metadata.ownerReferences?.some((owner) => uids.has(owner.uid))),
    events: events.items,
  };
}

async function stuckError(
  client: KubeClient,
  target: RolloutTarget,
  waitedMs: number,
): Promise<SeaworthyError> {
  const evidence = await gatherEvidence(client, target).catch(() => undefined);
  const diagnosis = evidence === undefined ? undefined : diagnose(evidence);
  const serving = evidence?.deployment.status?.availableReplicas ?? 0;
  const waited = `waited ${(waitedMs / 1000).toFixed(1)} s`;
  const place = target.placeOf?.(diagnosis?.field ?? ["spec"]);
  return new SeaworthyError(
    serving > 0 ? "SW4001" : "SW4002",
    `${target.name} ${serving > 0 ? "is stuck in its rollout" : "never gets ready"}: ${diagnosis?.sentence ?? "nothing moves and no pod says why"}`,
    {
      place:
        place === undefined || diagnosis === undefined
          ? place
          : { ...place, label: place.label ?? diagnosis.why },
      object: `Deployment ${target.namespace}/${target.name}`,
      field: formatField(diagnosis?.field),
      why: diagnosis?.why,
      seen: [
        ...(diagnosis?.seen ?? []),
        ...(serving > 0 ? [`${serving} of ${evidence?.deployment.spec.replicas ?? 1} pods still serve`] : []),
        ...(await lastLogLines(client, target.namespace, diagnosis)),
        waited,
      ],
      next: diagnosis?.next ?? [`kubectl -n ${target.namespace} describe deployment ${target.name}`],
    },
  );
}

function formatField(path: readonly (string | number)[] | undefined): string | undefined {
  return path
    ?.map((part, index) => (typeof part === "number" ? `[${part}]` : index === 0 ? part : `.${part}`))
    .join("");
}

const logLines = 6;
const logPatienceMs = 3_000;

async function lastLogLines(
  client: KubeClient,
  namespace: string,
  diagnosis: Diagnosis | undefined,
): Promise<string[]> {
  const of = diagnosis?.logOf;
  if (of === undefined) return [];
  const text =
    (await readLog(client, namespace, of)) ||
    (of.previous ? await readLog(client, namespace, { ...of, previous: false }) : "");
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  if (lines.length === 0) return [`${of.container} wrote no log`];
  return [
    `last lines of ${of.container}'s log:`,
    ...lines.slice(-logLines).map((line) => `  ${line.slice(0, 200)}`),
  ];
}

async function readLog(
  client: KubeClient,
  namespace: string,
  of: NonNullable<Diagnosis["logOf"]>,
): Promise<string> {
  let text = "";
  try {
    const options = {
      container: of.container,
      tailLines: logLines,
      previous: of.previous,
      signal: AbortSignal.timeout(logPatienceMs),
    };
    for await (const chunk of client.logs(namespace, of.pod, options)) text += chunk;
  } catch {
    // No log is not a reason to hide the diagnosis.
  }
  return text;
}
