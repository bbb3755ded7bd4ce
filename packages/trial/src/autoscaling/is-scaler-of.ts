import type { KubeObject } from "@seaworthy/kube";

/** Whether an object scales a Deployment. */
export function isScalerOf(object: KubeObject, name: string): boolean {
  if (object.kind !== "HorizontalPodAutoscaler") return false;
  const target = (object as { spec?: { scaleTargetRef?: { kind?: string; name?: string } } }).spec
    ?.scaleTargetRef;
  return target?.kind === "Deployment" && target.name === name;
}
