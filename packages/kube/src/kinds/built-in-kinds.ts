import { nearestName } from "../validation/nearest-name.ts";
import { deploymentKind } from "./apps/deployment/deployment-kind.ts";
import { replicaSetKind } from "./apps/replica-set/replica-set-kind.ts";
import { leaseKind } from "./coordination/lease/lease-kind.ts";
import { configMapKind } from "./core/config-map/config-map-kind.ts";
import { endpointsKind } from "./core/endpoints/endpoints-kind.ts";
import { eventKind } from "./core/event/event-kind.ts";
import { namespaceKind } from "./core/namespace/namespace-kind.ts";
import { nodeKind } from "./core/node/node-kind.ts";
import { podKind } from "./core/pod/pod-kind.ts";
import { secretKind } from "./core/secret/secret-kind.ts";
import { serviceKind } from "./core/service/service-kind.ts";
import { endpointSliceKind } from "./discovery/endpoint-slice/endpoint-slice-kind.ts";
import { ingressClassKind } from "./networking/ingress-class/ingress-class-kind.ts";
import { ingressKind } from "./networking/ingress/ingress-kind.ts";
import { apiVersionsOf, kind, type Kind } from "./kind.ts";

/**
 * Every kind of Kubernetes 1.36, also those whose version must be enabled, as its discovery documents list them
 * (kubernetes/api/discovery). The embedded cluster serves
 * those whose storage is known.
 */
export const builtInKinds: readonly Kind[] = [
  kind("", "v1", "Binding", "bindings", "namespaced"),
  kind("", "v1", "ComponentStatus", "componentstatuses", "cluster", { shortNames: ["cs"] }),
  configMapKind,
  endpointsKind,
  eventKind,
  kind("", "v1", "LimitRange", "limitranges", "namespaced", { shortNames: ["limits"], applyOrder: 5 }),
  namespaceKind,
  nodeKind,
  kind("", "v1", "PersistentVolume", "persistentvolumes", "cluster", { shortNames: ["pv"], applyOrder: 13 }),
  kind("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", "namespaced", {
    shortNames: ["pvc"],
    applyOrder: 14,
  }),
  podKind,
  kind("", "v1", "PodTemplate", "podtemplates", "namespaced"),
  kind("", "v1", "ReplicationController", "replicationcontrollers", "namespaced", {
    shortNames: ["rc"],
    categories: ["all"],
  }),
  kind("", "v1", "ResourceQuota", "resourcequotas", "namespaced", { shortNames: ["quota"], applyOrder: 4 }),
  secretKind,
  serviceKind,
  kind("", "v1", "ServiceAccount", "serviceaccounts", "namespaced", { shortNames: ["sa"], applyOrder: 6 }),
  kind(
    "admissionregistration.k8s.io",
    "v1 v1beta1 v1alpha1",
    "MutatingAdmissionPolicy",
    "mutatingadmissionpolicies",
    "cluster",
    { categories: ["api-extensions"] },
  ),
  kind(
    "admissionregistration.k8s.io",
    "v1 v1beta1 v1alpha1",
    "MutatingAdmissionPolicyBinding",
    "mutatingadmissionpolicybindings",
    "cluster",
    { categories: ["api-extensions"] },
  ),
  kind(
    "admissionregistration.k8s.io",
    "v1",
    "MutatingWebhookConfiguration",
    "mutatingwebhookconfigurations",
    "cluster",
    { categories: ["api-extensions"] },
  ),
  kind(
    "admissionregistration.k8s.io",
    "v1",
    "ValidatingAdmissionPolicy",
    "validatingadmissionpolicies",
    "cluster",
    { categories: ["api-extensions"] },
  ),
  kind(
    "admissionregistration.k8s.io",
    "v1",
    "ValidatingAdmissionPolicyBinding",
    "validatingadmissionpolicybindings",
    "cluster",
    { categories: ["api-extensions"] },
  ),
  kind(
    "admissionregistration.k8s.io",
    "v1",
    "ValidatingWebhookConfiguration",
    "validatingwebhookconfigurations",
    "cluster",
    { categories: ["api-extensions"] },
  ),
  kind("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", "cluster", {
    shortNames: ["crd", "crds"],
    categories: ["api-extensions"],
    applyOrder: 0,
  }),
  kind("apiregistration.k8s.io", "v1", "APIService", "apiservices", "cluster", {
    categories: ["api-extensions"],
  }),
  kind("apps", "v1", "ControllerRevision", "controllerrevisions", "namespaced"),
  kind("apps", "v1", "DaemonSet", "daemonsets", "namespaced", { shortNames: ["ds"], categories: ["all"] }),
  deploymentKind,
  replicaSetKind,
  kind("apps", "v1", "StatefulSet", "statefulsets", "namespaced", {
    shortNames: ["sts"],
    categories: ["all"],
  }),
  kind("authentication.k8s.io", "v1", "SelfSubjectReview", "selfsubjectreviews", "cluster"),
  kind("authentication.k8s.io", "v1", "TokenReview", "tokenreviews", "cluster"),
  kind("authorization.k8s.io", "v1", "LocalSubjectAccessReview", "localsubjectaccessreviews", "namespaced"),
  kind("authorization.k8s.io", "v1", "SelfSubjectAccessReview", "selfsubjectaccessreviews", "cluster"),
  kind("authorization.k8s.io", "v1", "SelfSubjectRulesReview", "selfsubjectrulesreviews", "cluster"),
  kind("authorization.k8s.io", "v1", "SubjectAccessReview", "subjectaccessreviews", "cluster"),
  kind("autoscaling", "v2 v1", "HorizontalPodAutoscaler", "horizontalpodautoscalers", "namespaced", {
    shortNames: ["hpa"],
    categories: ["all"],
  }),
  kind("batch", "v1", "CronJob", "cronjobs", "namespaced", {
    shortNames: ["cj"],
    categories: ["all"],
    podTemplate: ["spec", "jobTemplate", "spec", "template"],
  }),
  kind("batch", "v1", "Job", "jobs", "namespaced", { categories: ["all"] }),
  kind("certificates.k8s.io", "v1", "CertificateSigningRequest", "certificatesigningrequests", "cluster", {
    shortNames: ["csr"],
  }),
  kind("certificates.k8s.io", "v1beta1 v1alpha1", "ClusterTrustBundle", "clustertrustbundles", "cluster"),
  kind("certificates.k8s.io", "v1beta1", "PodCertificateRequest", "podcertificaterequests", "namespaced"),
  leaseKind,
  kind("coordination.k8s.io", "v1beta1 v1alpha2", "LeaseCandidate", "leasecandidates", "namespaced"),
  endpointSliceKind,
  kind("events.k8s.io", "v1", "Event", "events", "namespaced", { shortNames: ["ev"] }),
  kind("flowcontrol.apiserver.k8s.io", "v1", "FlowSchema", "flowschemas", "cluster"),
  kind(
    "flowcontrol.apiserver.k8s.io",
    "v1",
    "PriorityLevelConfiguration",
    "prioritylevelconfigurations",
    "cluster",
  ),
  kind("internal.apiserver.k8s.io", "v1alpha1", "StorageVersion", "storageversions", "cluster"),
  kind("networking.k8s.io", "v1 v1beta1", "IPAddress", "ipaddresses", "cluster", { shortNames: ["ip"] }),
  ingressKind,
  ingressClassKind,
  kind("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", "namespaced", {
    shortNames: ["netpol"],
  }),
  kind("networking.k8s.io", "v1 v1beta1", "ServiceCIDR", "servicecidrs", "cluster"),
  kind("node.k8s.io", "v1", "RuntimeClass", "runtimeclasses", "cluster"),
  kind("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", "namespaced", { shortNames: ["pdb"] }),
  kind("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", "cluster", { applyOrder: 7 }),
  kind("rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings", "cluster", {
    applyOrder: 9,
  }),
  kind("rbac.authorization.k8s.io", "v1", "Role", "roles", "namespaced", { applyOrder: 8 }),
  kind("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings", "namespaced", { applyOrder: 10 }),
  kind("resource.k8s.io", "v1 v1beta2 v1beta1", "DeviceClass", "deviceclasses", "cluster"),
  kind("resource.k8s.io", "v1beta2 v1alpha3", "DeviceTaintRule", "devicetaintrules", "cluster"),
  kind("resource.k8s.io", "v1 v1beta2 v1beta1", "ResourceClaim", "resourceclaims", "namespaced"),
  kind(
    "resource.k8s.io",
    "v1 v1beta2 v1beta1",
    "ResourceClaimTemplate",
    "resourceclaimtemplates",
    "namespaced",
  ),
  kind("resource.k8s.io", "v1alpha3", "ResourcePoolStatusRequest", "resourcepoolstatusrequests", "cluster"),
  kind("resource.k8s.io", "v1 v1beta2 v1beta1", "ResourceSlice", "resourceslices", "cluster"),
  kind("scheduling.k8s.io", "v1alpha2", "PodGroup", "podgroups", "namespaced"),
  kind("scheduling.k8s.io", "v1", "PriorityClass", "priorityclasses", "cluster", {
    shortNames: ["pc"],
    applyOrder: 2,
  }),
  kind("scheduling.k8s.io", "v1alpha2", "Workload", "workloads", "namespaced"),
  kind("storage.k8s.io", "v1", "CSIDriver", "csidrivers", "cluster"),
  kind("storage.k8s.io", "v1", "CSINode", "csinodes", "cluster"),
  kind("storage.k8s.io", "v1", "CSIStorageCapacity", "csistoragecapacities", "namespaced"),
  kind("storage.k8s.io", "v1", "StorageClass", "storageclasses", "cluster", {
    shortNames: ["sc"],
    applyOrder: 3,
  }),
  kind("storage.k8s.io", "v1", "VolumeAttachment", "volumeattachments", "cluster"),
  kind("storage.k8s.io", "v1 v1beta1", "VolumeAttributesClass", "volumeattributesclasses", "cluster", {
    shortNames: ["vac"],
  }),
  kind(
    "storagemigration.k8s.io",
    "v1beta1",
    "StorageVersionMigration",
    "storageversionmigrations",
    "cluster",
  ),
];

/** The built-in kind of an object, or undefined when Kubernetes has none of that group, version and name. */
export function findBuiltInKind(apiVersion: string, kind: string): Kind | undefined {
  return byName.get(`${apiVersion}/${kind}`);
}

/** The group of an `apiVersion`: "" for `v1`. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf("/");
  return slash < 0 ? "" : apiVersion.slice(0, slash);
}

/**
 * Whether a kind is somebody else's, for which a CustomResourceDefinition is needed. Its group decides: groups of
 * Kubernetes have no dot or are in the table. A group that is a slip of the pen away from one of them, for a kind of
 * that group, is a misspelling.
 */
export function isCustomKind(apiVersion: string, kind: string): boolean {
  const group = groupOf(apiVersion);
  if (!group.includes(".") || groups.has(group)) return false;
  const near = nearestName(group, groups, slipOfThePen);
  return near === undefined || !builtInKinds.some((each) => each.group === near && each.kind === kind);
}

const slipOfThePen = 2;

const groups: ReadonlySet<string> = new Set(builtInKinds.map(({ group }) => group));

const byName: ReadonlyMap<string, Kind> = new Map(
  builtInKinds.flatMap((each) =>
    apiVersionsOf(each).map((apiVersion) => [`${apiVersion}/${each.kind}`, each] as const),
  ),
);
