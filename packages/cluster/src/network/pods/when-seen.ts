import type { Change } from "@seaworthy/client";
import { deepEqual, type KubeObject } from "@seaworthy/kube";

/** Calls back for changes of what `look` sees of an object: pods and nodes tell of themselves all the time. */
export function whenSeen<T extends KubeObject>(
  look: (object: T) => unknown,
  changed: () => void,
): (change: Change<T>) => void {
  return (change) => {
    if (change.type !== "updated" || !deepEqual(look(change.old), look(change.object))) changed();
  };
}
