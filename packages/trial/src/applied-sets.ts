import type { Manifest } from "@seaworthy/kube";
import { deleteApplied, type Applied } from "@seaworthy/release";
import type { KubeClient } from "@seaworthy/client";

/** What a trial has applied, and what of it was not there before. */
export interface AppliedSets {
  /** Applies a set of manifests. */
  apply(manifests: readonly Manifest[]): Promise<readonly Applied[]>;
  /** Deletes those of some objects that the trial made. Gives those that it left, because they were there before. */
  remove(applied: readonly Applied[]): Promise<readonly Applied[]>;
  /** Deletes everything that the trial made. */
  removeAll(): Promise<void>;
}

/** Keeps account of what `applyOnce` makes: an object that was there before the trial is never deleted. */
export function createAppliedSets(
  client: KubeClient,
  applyOnce: (manifests: readonly Manifest[]) => Promise<readonly Applied[]>,
): AppliedSets {
  /** The objects that the trial made, as they are now; undefined for those of others. */
  const own = new Map<string, Applied | undefined>();
  return {
    async apply(manifests) {
      const applied = await applyOnce(manifests);
      for (const each of applied) {
        const key = keyOf(each);
        const isFirst = !own.has(key);
        if (each.action === "created" && (isFirst || own.get(key) !== undefined)) own.set(key, each);
        else if (isFirst) own.set(key, undefined);
      }
      return applied;
    },
    async remove(applied) {
      const made = applied.map((each) => own.get(keyOf(each)));
      await deleteApplied(
        client,
        made.filter((each) => each !== undefined),
      );
      return applied.filter((_, index) => made[index] === undefined);
    },
    removeAll: () =>
      deleteApplied(
        client,
        [...own.values()].filter((each) => each !== undefined),
      ),
  };
}

/** The same for an object, whatever became of it. */
export function keyOf({ type, namespace, name }: Applied): string {
  return `${type.group}/${type.kind} ${namespace ?? ""}/${name}`;
}
