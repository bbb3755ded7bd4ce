import { isAlreadyExists, type KubeClient } from "@seaworthy/client";
import {
  resourceTypes,
  type Deployment,
  type DeploymentStatus,
  type Pod,
  type ReplicaSet,
  deepEqual,
  hasPodEnded,
} from "@seaworthy/kube";
import type { Clock } from "../../clock.ts";
import { controllerOf } from "../pod-owners/claim-objects.ts";
import type { EventRecorder } from "../../event-recorder.ts";
import {
  currentAnnotations,
  deploymentAnnotations,
  nextSizeAnnotations,
  planCleanup,
  revisionOf,
} from "./annotations.ts";
import {
  calculateStatus,
  conditionOf,
  hasProgressDeadline,
  isComplete,
  progressCheckDelayMs,
  progressing,
  withCondition,
  withProgress,
  withReplicaFailure,
} from "./deployment-status.ts";
import { findNewReplicaSet, makeNewReplicaSet, nextRevision, templateOf } from "./new-replica-set.ts";
import { equalIgnoringHash } from "./pod-template-hash.ts";
import { isScaling, planScale } from "./proportional-scale.ts";
import {
  isRollingUpdate,
  newReplicaSetSize,
  planOldReplicaSets,
  replicasOf,
  wantedReplicas,
  type ScaleStep,
} from "./rolling-update.ts";

/** What a sync works with. */
export interface SyncTools {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly recorder: EventRecorder;
}

/**
 * One step of a Deployment towards its spec: it scales up or down, never both, and writes its status
 * (k8s.io/kubernetes/pkg/controller/deployment/deployment_controller.go, syncDeployment). Resolves to the time
 * after which the progress deadline must be looked at again.
 */
export async function syncDeployment(
  tools: SyncTools,
  deployment: Deployment,
  replicaSets: readonly ReplicaSet[],
  podsByReplicaSet: () => ReadonlyMap<string, readonly Pod[]>,
): Promise<number | undefined> {
  const rollout = new Rollout(tools, deployment, replicaSets);
  if (deployment.metadata.deletionTimestamp !== undefined) return rollout.writeStatus();
  rollout.notePause();
  await rollout.updateNewReplicaSet();
  if (deployment.spec.paused === true || isScaling(deployment, rollout.all())) {
    await rollout.scale(planScale(deployment, rollout.newReplicaSet, rollout.old));
    if (deployment.spec.paused === true) await rollout.cleanUp();
    return rollout.writeStatus();
  }
  await (isRollingUpdate(deployment) ? roll(rollout) : recreate(rollout, podsByReplicaSet));
  if (isComplete(deployment, deployment.status ?? {})) await rollout.cleanUp();
  return rollout.writeRolloutStatus();
}

/** One step of a rolling update: up if there is room, else down as far as enough pods stay available. */
async function roll(rollout: Rollout): Promise<void> {
  const { deployment } = rollout;
  const newReplicaSet = rollout.newReplicaSet ?? (await rollout.createNewReplicaSet());
  const present = replicasOf(newReplicaSet);
  const size =
    present === wantedReplicas(deployment) ? present : newReplicaSetSize(deployment, rollout.all(), present);
  const { name } = newReplicaSet.metadata;
  if (size !== present) await rollout.scale([{ name, from: present, to: size }]);
  else await rollout.scale(planOldReplicaSets(deployment, rollout.old, newReplicaSet));
}

/** One step of Recreate: the new pods come when the last old one is gone, not before. */
async function recreate(
  rollout: Rollout,
  podsByReplicaSet: () => ReadonlyMap<string, readonly Pod[]>,
): Promise<void> {
  const active = rollout.old.filter((replicaSet) => replicasOf(replicaSet) > 0);
  if (active.length > 0) {
    const steps = active.map((one) => ({ name: one.metadata.name, from: replicasOf(one), to: 0 }));
    await rollout.scale(steps);
    return;
  }
  if (oldPodsRun(rollout, podsByReplicaSet())) return;
  const newReplicaSet = rollout.newReplicaSet ?? (await rollout.createNewReplicaSet());
  const step = { name: newReplicaSet.metadata.name, from: replicasOf(newReplicaSet) };
  await rollout.scale([{ ...step, to: wantedReplicas(rollout.deployment) }]);
}

function oldPodsRun(rollout: Rollout, pods: ReadonlyMap<string, readonly Pod[]>): boolean {
  if (rollout.old.some((replicaSet) => (replicaSet.status?.replicas ?? 0) > 0)) return true;
  return [...pods].some(
    ([uid, own]) => uid !== rollout.newReplicaSet?.metadata.uid && own.some((pod) => !hasPodEnded(pod)),
  );
}

/** A Deployment in the middle of one sync: what it knows, and the writes it makes. */
class Rollout {
  readonly deployment: Deployment;
  readonly #tools: SyncTools;
  /** Conditions that this sync set; they are written with the rest of the status. */
  #status: DeploymentStatus;
  #revision: bigint | undefined;
  newReplicaSet: ReplicaSet | undefined;
  old: ReplicaSet[];

  constructor(tools: SyncTools, deployment: Deployment, replicaSets: readonly ReplicaSet[]) {
    this.#tools = tools;
    this.deployment = deployment;
    this.#status = deployment.status ?? {};
    this.newReplicaSet = findNewReplicaSet(deployment, replicaSets);
    this.old = replicaSets.filter((replicaSet) => replicaSet !== this.newReplicaSet);
  }

  all(): ReplicaSet[] {
    return this.newReplicaSet === undefined ? this.old : [...this.old, this.newReplicaSet];
  }

  /** Says in the Progressing condition that no progress is to be expected while paused. */
  notePause(): void {
    const condition = conditionOf(this.#status, "Progressing");
    if (!hasProgressDeadline(this.deployment) || condition?.reason === "ProgressDeadlineExceeded") return;
    const wasPaused = condition?.reason === "DeploymentPaused";
    if (this.deployment.spec.paused === true && !wasPaused) {
      this.#note("Unknown", "DeploymentPaused", "Deployment is paused");
    } else if (this.deployment.spec.paused !== true && wasPaused) {
      this.#note("Unknown", "DeploymentResumed", "Deployment is resumed");
    }
  }

  /** Carries annotations, the revision and minReadySeconds over to the current ReplicaSet, if there is one. */
  async updateNewReplicaSet(): Promise<void> {
    const present = this.newReplicaSet;
    if (present === undefined) return;
    const before = present.metadata.annotations ?? {};
    const annotations = currentAnnotations(this.deployment, before, nextRevision(this.old));
    const minReadySeconds = this.deployment.spec.minReadySeconds ?? 0;
    const changed =
      !deepEqual(annotations, before) || (present.spec.minReadySeconds ?? 0) !== minReadySeconds;
    if (changed) {
      await this.#write({
        ...present,
        metadata: { ...present.metadata, annotations },
        spec: { ...present.spec, minReadySeconds },
      });
    }
    this.#revision = revisionOf(this.newReplicaSet ?? present);
    if (hasProgressDeadline(this.deployment) && conditionOf(this.#status, "Progressing") === undefined) {
      this.#note("True", "FoundNewReplicaSet", `Found new replica set "${present.metadata.name}"`);
    }
  }

  async createNewReplicaSet(): Promise<ReplicaSet> {
    const { client, recorder } = this.#tools;
    const wanted = makeNewReplicaSet(this.deployment, this.old);
    const { name } = wanted.metadata;
    let created: ReplicaSet;
    try {
      created = await client.create(resourceTypes.replicasets, wanted);
      const count = replicasOf(created);
      const message = `Scaled up replica set ${name} from 0 to ${count}`;
      if (count > 0) recorder.event(this.deployment, "Normal", "ScalingReplicaSet", message);
      if (hasProgressDeadline(this.deployment)) {
        this.#note("True", "NewReplicaSetCreated", `Created new replica set "${name}"`);
      }
    } catch (error) {
      if (!isAlreadyExists(error)) throw await this.#creationFailed(name, error);
      created = await this.#existing(wanted, error);
    }
    this.newReplicaSet = created;
    this.#revision = revisionOf(created);
    return created;
  }

  /** The name is taken: by our own ReplicaSet that the cache has not seen yet, or by another with the same hash. */
  async #existing(wanted: ReplicaSet, error: unknown): Promise<ReplicaSet> {
    const { namespace, name } = wanted.metadata;
    const present = await this.#tools.client.get<ReplicaSet>(resourceTypes.replicasets, namespace, name);
    const ours = controllerOf(present)?.uid === this.deployment.metadata.uid;
    if (ours && equalIgnoringHash(templateOf(present), templateOf(wanted))) return present;
    this.#status = { ...this.#status, collisionCount: (this.#status.collisionCount ?? 0) + 1 };
    await this.#writeStatus(this.#status);
    throw error;
  }

  async #creationFailed(name: string, error: unknown): Promise<unknown> {
    const text = error instanceof Error ? error.message : String(error);
    const message = `Failed to create new replica set "${name}": ${text}`;
    this.#tools.recorder.event(this.deployment, "Warning", "FailedCreate", message);
    if (hasProgressDeadline(this.deployment)) {
      this.#note("False", "ReplicaSetCreateError", message);
      await this.#writeStatus(this.#status);
    }
    return error;
  }

  /** Writes the sizes, and on each ReplicaSet for which size of the Deployment they were meant. */
  async scale(steps: readonly ScaleStep[]): Promise<void> {
    for (const { name, from, to } of steps) {
      const present = this.all().find((replicaSet) => replicaSet.metadata.name === name);
      if (present === undefined) continue;
      const annotations = nextSizeAnnotations(this.deployment, present);
      if (from === to && annotations === undefined) continue;
      await this.#write({
        ...present,
        metadata: { ...present.metadata, annotations: annotations ?? present.metadata.annotations ?? {} },
        spec: { ...present.spec, replicas: to },
      });
      if (from === to) continue;
      const message = `Scaled ${to > from ? "up" : "down"} replica set ${name} from ${from} to ${to}`;
      this.#tools.recorder.event(this.deployment, "Normal", "ScalingReplicaSet", message);
    }
  }

  async cleanUp(): Promise<void> {
    for (const { metadata } of planCleanup(this.deployment, this.old)) {
      const uid = metadata.uid === undefined ? {} : { uid: metadata.uid };
      await this.#tools.client.delete(resourceTypes.replicasets, metadata.namespace, metadata.name, uid);
    }
  }

  async writeStatus(): Promise<undefined> {
    await this.#writeStatus(this.#calculate());
    return undefined;
  }

  async writeRolloutStatus(): Promise<number | undefined> {
    const nowMs = this.#tools.clock.now();
    const progressed = withProgress(this.deployment, this.#calculate(), this.newReplicaSet, nowMs);
    const status = withReplicaFailure(progressed, this.old, this.newReplicaSet, nowMs);
    await this.#writeStatus(status);
    return progressCheckDelayMs(this.deployment, status, nowMs);
  }

  #calculate(): DeploymentStatus {
    const deployment = { ...this.deployment, status: this.#status };
    return calculateStatus(deployment, this.old, this.newReplicaSet, this.#tools.clock.now());
  }

  /**
   * Writes the status, and with it the revision that `kubectl rollout` reads: through the main resource the
   * annotation would raise the generation.
   */
  async #writeStatus(status: DeploymentStatus): Promise<void> {
    const { deployment } = this;
    const present = deployment.metadata.annotations ?? {};
    const revision =
      this.#revision === undefined ? {} : { [deploymentAnnotations.revision]: String(this.#revision) };
    const annotations = { ...present, ...revision };
    if (deepEqual([status, annotations], [deployment.status ?? {}, present])) return;
    const metadata = { ...deployment.metadata, annotations };
    await this.#tools.client.update<Deployment>(
      resourceTypes.deployments,
      { ...deployment, metadata, status },
      "status",
    );
  }

  async #write(replicaSet: ReplicaSet): Promise<void> {
    const written = await this.#tools.client.update(resourceTypes.replicasets, replicaSet);
    const { name } = written.metadata;
    if (this.newReplicaSet?.metadata.name === name) this.newReplicaSet = written;
    else this.old = this.old.map((one) => (one.metadata.name === name ? written : one));
  }

  #note(status: "True" | "False" | "Unknown", reason: string, message: string): void {
    this.#status = withCondition(this.#status, progressing(status, reason, message), this.#tools.clock.now());
  }
}
