import { mayMeet, type ObjectSet } from "../object-set.ts";
import { podTemplateOf, type KubeObject } from "@seaworthy/kube";

/** Whether an object of this kind and name is, or may be, there for another one, although no rule can read it. */
export function isUnreadable(set: ObjectSet, near: KubeObject, kind: string, name: string): boolean {
  return (
    set.isTorn ||
    [...set.unreadable, ...set.hooks].some(
      ({ object }) => object.kind === kind && object.metadata.name === name && mayMeet(object, near),
    )
  );
}

/** Whether something makes, or may make, pods beside an object, and nobody knows which, because it cannot be read. */
export function hasUnreadablePods(set: ObjectSet, near: KubeObject): boolean {
  return (
    set.isTorn ||
    set.unreadable.some(
      ({ object }) =>
        mayMeet(object, near) && (object.kind === "CronJob" || podTemplateOf(object) !== undefined),
    )
  );
}
