import type { PodSpec } from "@seaworthy/kube";

/**
 * Takes fields out of a pod's spec whose feature gates are off in v1.36, as its API server does before it looks at the
 * rest: they are stored nowhere, and no kubelet hears of them. (kubernetes_feature_enabled in its /metrics lists the gates.)
 */
export function dropDisabledFields(spec: PodSpec | undefined): void {
  for (const container of [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])]) {
    // ContainerStopSignals is alpha.
    delete container.lifecycle?.stopSignal;
    if (container.lifecycle !== undefined && Object.keys(container.lifecycle).length === 0)
      delete container.lifecycle;
  }
}
