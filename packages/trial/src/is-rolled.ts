import type { KubeObject } from "@seaworthy/kube";
import type { RolloutTarget } from "@seaworthy/release";

/** Whether an object is one of some Deployments. */
export function isRolled(
  { apiVersion, kind, metadata }: KubeObject,
  rolled: readonly RolloutTarget[],
): boolean {
  if (apiVersion !== "apps/v1" || kind !== "Deployment") return false;
  return rolled.some(({ namespace, name }) => namespace === metadata.namespace && name === metadata.name);
}
