import { hasPodEnded, isPodReady, type Pod, type StatefulSet } from "@seaworthy/kube";
import { slowStart } from "../pod-owners/slow-start.ts";
import type { StatefulPodControl } from "./stateful-pod-control.ts";
import type { SetRevisions } from "./stateful-set-status.ts";
import {
  hasIdentity,
  isUnavailable,
  isWanted,
  makeStatefulPod,
  ordinalOf,
  revisionOfPod,
  wantedOrdinals,
} from "./stateful-pod.ts";

/**
 * One step of a StatefulSet. Unless its pods are managed in parallel, it does one thing and waits until the pod that it
 * concerns is there, ready and available, or gone. Resolves to how many pods it deleted for their revision.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/statefulset/stateful_set_control.go (updateStatefulSet)
 */
export async function syncStatefulSet(
  control: StatefulPodControl,
  set: StatefulSet,
  revisions: SetRevisions,
  pods: readonly Pod[],
  nowMs: number,
): Promise<number> {
  if (set.metadata.deletionTimestamp !== undefined) return 0;
  const world = viewSet(set, revisions, pods, nowMs);
  const isParallel = set.spec.podManagementPolicy === "Parallel";
  const steps = new Steps(control, world, !isParallel, nowMs);
  if (await forEach(world.replicas, isParallel, (replica) => steps.keep(replica))) return 0;
  if (await forEach(world.condemned, isParallel, (one) => steps.own(one))) return 0;
  if (await forEach(world.condemned, isParallel, (one) => steps.condemn(one))) return 0;
  return set.spec.updateStrategy?.type === "OnDelete" ? 0 : await steps.update();
}

/** A pod of a set, which may not be there yet. */
interface Replica {
  readonly ordinal: number;
  readonly pod: Pod;
}

interface SetView {
  readonly set: StatefulSet;
  readonly revisions: SetRevisions;
  /** The pods that should be there, in the order of their numbers. */
  readonly replicas: readonly Replica[];
  /** The pods that should not be there, the last first. */
  readonly condemned: readonly Replica[];
  /** The first that does not serve; it may go even when others do not serve either. */
  readonly firstUnavailable: Pod | undefined;
}

function viewSet(set: StatefulSet, revisions: SetRevisions, pods: readonly Pod[], nowMs: number): SetView {
  const present = pods.flatMap((pod) => {
    const ordinal = ordinalOf(set, pod);
    return ordinal === undefined ? [] : [{ ordinal, pod }];
  });
  const byOrdinal = new Map(present.map((replica) => [replica.ordinal, replica]));
  const replicas = wantedOrdinals(set).map(
    (ordinal) =>
      byOrdinal.get(ordinal) ?? {
        ordinal,
        pod: makeStatefulPod(set, revisions.current, revisions.update, ordinal),
      },
  );
  const condemned = present
    .filter(({ ordinal }) => !isWanted(set, ordinal))
    .toSorted((a, b) => b.ordinal - a.ordinal);
  const firstUnavailable = [...replicas, ...condemned.toReversed()].find(({ pod }) =>
    isUnavailable(set, pod, nowMs),
  )?.pod;
  return { set, revisions, replicas, condemned, firstUnavailable };
}

/** In order until one has to be waited for, or all at once; says whether nothing more is to be done for now. */
async function forEach(
  replicas: readonly Replica[],
  isParallel: boolean,
  step: (replica: Replica) => Promise<boolean>,
): Promise<boolean> {
  if (isParallel) {
    const { error } = await slowStart(replicas, async (replica) => {
      await step(replica);
    });
    if (error !== undefined) throw error;
    return false;
  }
  for (const replica of replicas) if (await step(replica)) return true;
  return false;
}

/** What is done about one pod; each step says whether the pods after it have to wait. */
class Steps {
  readonly #control: StatefulPodControl;
  readonly #view: SetView;
  readonly #inOrder: boolean;
  readonly #nowMs: number;

  constructor(control: StatefulPodControl, view: SetView, inOrder: boolean, nowMs: number) {
    this.#control = control;
    this.#view = view;
    this.#inOrder = inOrder;
    this.#nowMs = nowMs;
  }

  /** A pod that has ended makes room for another of its name. */
  async keep({ ordinal, pod }: Replica): Promise<boolean> {
    const { set } = this.#view;
    if (hasPodEnded(pod)) {
      if (!isTerminating(pod)) await this.#control.delete(pod);
      return true;
    }
    const isThere = (pod.status?.phase ?? "") !== "";
    if (!isThere) {
      if (this.#control.hasStaleClaims(pod, ordinal)) return true;
      await this.#control.create(pod, ordinal);
      return this.#inOrder;
    }
    if (pod.status?.phase === "Pending") {
      await this.#control.createClaims(pod, ordinal);
      await this.#control.ownClaims(pod, ordinal);
    }
    if (this.#inOrder && isUnavailable(set, pod, this.#nowMs)) return true;
    if (hasIdentity(set, pod, ordinal)) await this.#control.ownClaims(pod, ordinal);
    else await this.#control.mend(pod, ordinal);
    return false;
  }

  async own({ ordinal, pod }: Replica): Promise<boolean> {
    await this.#control.ownClaims(pod, ordinal);
    return false;
  }

  async condemn({ pod }: Replica): Promise<boolean> {
    const { set, firstUnavailable } = this.#view;
    if (isTerminating(pod)) return this.#inOrder;
    const isBad = !isPodReady(pod) || isUnavailable(set, pod, this.#nowMs);
    if (this.#inOrder && isBad && pod !== firstUnavailable) return true;
    await this.#control.delete(pod);
    return true;
  }

  /** Deletes the last pod that is not of the new revision, unless one after it does not serve yet. */
  async update(): Promise<number> {
    const { set, replicas, revisions } = this.#view;
    const first = set.spec.updateStrategy?.rollingUpdate?.partition ?? 0;
    for (const { pod } of replicas.slice(first).toReversed()) {
      if (revisionOfPod(pod) !== revisions.update.metadata.name && !isTerminating(pod)) {
        await this.#control.delete(pod);
        return 1;
      }
      if (isUnavailable(set, pod, this.#nowMs)) return 0;
    }
    return 0;
  }
}

function isTerminating({ metadata }: Pod): boolean {
  return metadata.deletionTimestamp !== undefined;
}
