import type { Change } from "@seaworthy/client";
import type { Pod } from "@seaworthy/kube";
import type { Clock } from "../../clock.ts";
import { controllerOf } from "./claim-objects.ts";

/**
 * What a controller has done and its cache has not shown yet. While something is expected the cache must not
 * be counted, or pods would be created twice (k8s.io/kubernetes/pkg/controller/controller_utils.go,
 * ControllerExpectations).
 */
export interface Expectations {
  expectCreations(owner: string, count: number): void;
  expectDeletions(owner: string, uids: readonly string[]): void;
  creationObserved(owner: string): void;
  deletionObserved(owner: string, uid: string): void;
  /** Whether everything was seen, or waited for in vain long enough. */
  satisfied(owner: string): boolean;
  forget(owner: string): void;
}

/** Makes an empty set of expectations. */
export function createExpectations(clock: Clock): Expectations {
  const byOwner = new Map<string, { creations: number; readonly deletions: Set<string>; atMs: number }>();
  function open(owner: string) {
    const present = byOwner.get(owner) ?? { creations: 0, deletions: new Set<string>(), atMs: 0 };
    present.atMs = clock.now();
    byOwner.set(owner, present);
    return present;
  }
  return {
    expectCreations(owner, count) {
      open(owner).creations += count;
    },
    expectDeletions(owner, uids) {
      const { deletions } = open(owner);
      for (const uid of uids) deletions.add(uid);
    },
    creationObserved(owner) {
      const present = byOwner.get(owner);
      if (present !== undefined && present.creations > 0) present.creations -= 1;
    },
    deletionObserved(owner, uid) {
      byOwner.get(owner)?.deletions.delete(uid);
    },
    satisfied(owner) {
      const present = byOwner.get(owner);
      if (present === undefined || clock.now() - present.atMs > timeoutMs) {
        byOwner.delete(owner);
        return true;
      }
      return present.creations <= 0 && present.deletions.size === 0;
    },
    forget(owner) {
      byOwner.delete(owner);
    },
  };
}

/** Tells what was expected of the owner of a pod that the cache shows to have changed. */
export function observePod(expectations: Expectations, { type, object: pod }: Change<Pod>): void {
  const owner = controllerOf(pod)?.uid ?? "";
  if (type === "added") expectations.creationObserved(owner);
  // A pod that is being deleted is gone for its owner, however long it still drains.
  if (type === "deleted" || pod.metadata.deletionTimestamp !== undefined)
    expectations.deletionObserved(owner, pod.metadata.uid ?? "");
}

/** ExpectationsTimeout. */
const timeoutMs = 5 * 60_000;
