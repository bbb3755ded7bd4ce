import { resolveIntOrPercent, type Pod } from "@seaworthy/kube";
import { isUpdated } from "./daemon-pod.ts";
import { isAvailable, type DaemonPlan, type DaemonView } from "./plan-daemon-pods.ts";

/**
 * Says which old pods go for new ones, so that never more are missing, or too many, than the strategy allows.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/daemon/update.go (rollingUpdate)
 */
export function planRollingUpdate(view: DaemonView): DaemonPlan {
  const { maxSurge, maxUnavailable } = limitsOf(view);
  return maxSurge === 0 ? replacePods(view, maxUnavailable) : surgePods(view, maxSurge);
}

/** The pods of a node that stay: the one of the new template, and the one of an old one. */
interface NodePods {
  readonly node: string;
  readonly newPod: Pod | undefined;
  readonly oldPod: Pod | undefined;
  /** There are more than that; they are seen to elsewhere. */
  readonly isCrowded: boolean;
}

function wantedNodes({ eligibility }: DaemonView): string[] {
  return [...eligibility].flatMap(([name, { runs }]) => (runs ? [name] : []));
}

function limitsOf(view: DaemonView): { readonly maxSurge: number; readonly maxUnavailable: number } {
  const rolling = view.daemonSet.spec.updateStrategy?.rollingUpdate;
  const wanted = wantedNodes(view).length;
  const limit = (value: number | string | undefined) => resolveIntOrPercent(value ?? 0, wanted, "up");
  const maxSurge = limit(rolling?.maxSurge);
  const maxUnavailable = limit(rolling?.maxUnavailable);
  const isStuck = wanted > 0 && maxSurge === 0 && maxUnavailable === 0;
  return { maxSurge, maxUnavailable: isStuck ? 1 : maxUnavailable };
}

function podsOfNodes(view: DaemonView): NodePods[] {
  const names = new Set([...view.pods.keys(), ...wantedNodes(view)]);
  return Array.from(names, (node) => {
    const staying = (view.pods.get(node) ?? []).filter(
      ({ metadata }) => metadata.deletionTimestamp === undefined,
    );
    const newPods = staying.filter((pod) => isUpdated(view.daemonSet, pod, view.hash));
    const oldPods = staying.filter((pod) => !newPods.includes(pod));
    const isCrowded = newPods.length > 1 || oldPods.length > 1;
    return { node, newPod: newPods[0], oldPod: oldPods[0], isCrowded };
  });
}

/** Old pods that do not serve go at once, others as far as enough remain; new ones come when they are gone. */
function replacePods(view: DaemonView, maxUnavailable: number): DaemonPlan {
  let unavailable = 0;
  const useless: Pod[] = [];
  const candidates: Pod[] = [];
  for (const { newPod, oldPod, isCrowded } of podsOfNodes(view)) {
    const only = isCrowded || (oldPod !== undefined && newPod !== undefined) ? undefined : (newPod ?? oldPod);
    if (only === undefined) unavailable += 1;
    else if (!isAvailable(view, only)) {
      unavailable += 1;
      if (only === oldPod) useless.push(oldPod);
    } else if (only === oldPod) candidates.push(oldPod);
  }
  const room = Math.max(0, maxUnavailable - unavailable);
  return { remove: [...useless, ...candidates.slice(0, room)], addOn: [] };
}

/** New pods come beside old ones, which go when the new ones serve. */
function surgePods(view: DaemonView, maxSurge: number): DaemonPlan {
  const remove: Pod[] = [];
  const unwanted: Pod[] = [];
  const useless: string[] = [];
  const candidates: string[] = [];
  let surge = 0;
  let available = 0;
  for (const { node, newPod, oldPod, isCrowded } of podsOfNodes(view)) {
    if (isCrowded) {
      surge += 1;
      continue;
    }
    const serving = oldPod ?? newPod;
    if (serving !== undefined && isAvailable(view, serving)) available += 1;
    if (oldPod === undefined) continue;
    const runs = view.eligibility.get(node)?.runs === true;
    if (newPod !== undefined) {
      if (isAvailable(view, newPod)) remove.push(oldPod);
      else surge += 1;
    } else if (isAvailable(view, oldPod)) {
      if (runs) candidates.push(node);
      else unwanted.push(oldPod);
    } else if (runs) useless.push(node);
    else remove.push(oldPod);
  }
  const spare = Math.max(0, available - wantedNodes(view).length);
  return {
    remove: [...remove, ...unwanted.slice(0, spare)],
    addOn: [...useless, ...candidates.slice(0, Math.max(0, maxSurge - surge))],
  };
}
