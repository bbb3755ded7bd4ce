import { findResourceType, type KubeObject } from "@seaworthy/kube";
import type { ResourceType } from "@seaworthy/client";

/** Kinds of real clusters beyond those that the embedded one serves: [plural, namespaced]. */
const furtherKinds: Readonly<Record<string, readonly [plural: string, namespaced: boolean]>> = {
  "v1/ServiceAccount": ["serviceaccounts", true],
  "v1/PersistentVolumeClaim": ["persistentvolumeclaims", true],
  "v1/LimitRange": ["limitranges", true],
  "v1/ResourceQuota": ["resourcequotas", true],
  "apps/v1/StatefulSet": ["statefulsets", true],
  "apps/v1/DaemonSet": ["daemonsets", true],
  "batch/v1/Job": ["jobs", true],
  "batch/v1/CronJob": ["cronjobs", true],
  "autoscaling/v2/HorizontalPodAutoscaler": ["horizontalpodautoscalers", true],
  "autoscaling/v1/HorizontalPodAutoscaler": ["horizontalpodautoscalers", true],
  "policy/v1/PodDisruptionBudget": ["poddisruptionbudgets", true],
  "networking.k8s.io/v1/NetworkPolicy": ["networkpolicies", true],
  "rbac.authorization.k8s.io/v1/Role": ["roles", true],
  "rbac.authorization.k8s.io/v1/RoleBinding": ["rolebindings", true],
  "rbac.authorization.k8s.io/v1/ClusterRole": ["clusterroles", false],
  "rbac.authorization.k8s.io/v1/ClusterRoleBinding": ["clusterrolebindings", false],
  "gateway.networking.k8s.io/v1/Gateway": ["gateways", true],
  "gateway.networking.k8s.io/v1/HTTPRoute": ["httproutes", true],
  "monitoring.coreos.com/v1/ServiceMonitor": ["servicemonitors", true],
  "monitoring.coreos.com/v1/PodMonitor": ["podmonitors", true],
};

/** Where the REST path of an object's kind is, or undefined for a kind that is not known here. */
export function appliedType(object: KubeObject): ResourceType | undefined {
  const served = findResourceType(object.apiVersion, object.kind);
  if (served !== undefined) return served;
  const further = furtherKinds[`${object.apiVersion}/${object.kind}`];
  if (further === undefined) return undefined;
  const [group, version] = object.apiVersion.includes("/")
    ? (object.apiVersion.split("/") as [string, string])
    : ["", object.apiVersion];
  return { group, version, kind: object.kind, plural: further[0], namespaced: further[1] };
}

/** Whether the kind is Kubernetes' own. Only those know strategic merge patches. */
export function isBuiltIn(type: ResourceType): boolean {
  return (
    !type.group.includes(".") ||
    type.group === "networking.k8s.io" ||
    type.group === "rbac.authorization.k8s.io" ||
    /^(discovery|coordination)\.k8s\.io$/.test(type.group)
  );
}
