import { nearestName } from "../validation/nearest-name.ts";

/** A kind that Kubernetes itself has: where its REST path is, and how kubectl may call it. */
export interface BuiltInKind {
  /** The API group; "" for core. */
  readonly group: string;
  /** The versions in which it is served, the one to use first. */
  readonly versions: readonly string[];
  readonly kind: string;
  /** The plural, for example `deployments`. */
  readonly plural: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
}

/**
 * Every kind of Kubernetes 1.36, also those whose version must be enabled, as its discovery documents list them
 * (kubernetes/api/discovery). Which of them the embedded cluster serves is in `resourceTypes`.
 */
export const builtInKinds: readonly BuiltInKind[] = [
  kind("", "v1", "Binding", "bindings", "namespaced"),
  kind("", "v1", "ComponentStatus", "componentstatuses", "cluster", ["cs"]),
  kind("", "v1", "ConfigMap", "configmaps", "namespaced", ["cm"]),
  kind("", "v1", "Endpoints", "endpoints", "namespaced", ["ep"]),
  kind("", "v1", "Event", "events", "namespaced", ["ev"]),
  kind("", "v1", "LimitRange", "limitranges", "namespaced", ["limits"]),
  kind("", "v1", "Namespace", "namespaces", "cluster", ["ns"]),
  kind("", "v1", "Node", "nodes", "cluster", ["no"]),
  kind("", "v1", "PersistentVolume", "persistentvolumes", "cluster", ["pv"]),
  kind("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", "namespaced", ["pvc"]),
  kind("", "v1", "Pod", "pods", "namespaced", ["po"], ["all"]),
  kind("", "v1", "PodTemplate", "podtemplates", "namespaced"),
  kind("", "v1", "ReplicationController", "replicationcontrollers", "namespaced", ["rc"], ["all"]),
  kind("", "v1", "ResourceQuota", "resourcequotas", "namespaced", ["quota"]),
  kind("", "v1", "Secret", "secrets", "namespaced"),
  kind("", "v1", "Service", "services", "namespaced", ["svc"], ["all"]),
  kind("", "v1", "ServiceAccount", "serviceaccounts", "namespaced", ["sa"]),
  kind(
    "admissionregistration.k8s.io",
    "v1 v1beta1 v1alpha1",
    "MutatingAdmissionPolicy",
    "mutatingadmissionpolicies",
    "cluster",
    [],
    ["api-extensions"],
  ),
  kind(
    "admissionregistration.k8s.io",
    "v1 v1beta1 v1alpha1",
    "MutatingAdmissionPolicyBinding",
    "mutatingadmissionpolicybindings",
    "cluster",
    [],
    ["api-extensions"],
  ),
  kind(
    "admissionregistration.k8s.io",
    "v1",
    "MutatingWebhookConfiguration",
    "mutatingwebhookconfigurations",
    "cluster",
    [],
    ["api-extensions"],
  ),
  kind(
    "admissionregistration.k8s.io",
    "v1",
    "ValidatingAdmissionPolicy",
    "validatingadmissionpolicies",
    "cluster",
    [],
    ["api-extensions"],
  ),
  kind(
    "admissionregistration.k8s.io",
    "v1",
    "ValidatingAdmissionPolicyBinding",
    "validatingadmissionpolicybindings",
    "cluster",
    [],
    ["api-extensions"],
  ),
  kind(
    "admissionregistration.k8s.io",
    "v1",
    "ValidatingWebhookConfiguration",
    "validatingwebhookconfigurations",
    "cluster",
    [],
    ["api-extensions"],
  ),
  kind(
    "apiextensions.k8s.io",
    "v1",
    "CustomResourceDefinition",
    "customresourcedefinitions",
    "cluster",
    ["crd", "crds"],
    ["api-extensions"],
  ),
  kind("apiregistration.k8s.io", "v1", "APIService", "apiservices", "cluster", [], ["api-extensions"]),
  kind("apps", "v1", "ControllerRevision", "controllerrevisions", "namespaced"),
  kind("apps", "v1", "DaemonSet", "daemonsets", "namespaced", ["ds"], ["all"]),
  kind("apps", "v1", "Deployment", "deployments", "namespaced", ["deploy"], ["all"]),
  kind("apps", "v1", "ReplicaSet", "replicasets", "namespaced", ["rs"], ["all"]),
  kind("apps", "v1", "StatefulSet", "statefulsets", "namespaced", ["sts"], ["all"]),
  kind("authentication.k8s.io", "v1", "SelfSubjectReview", "selfsubjectreviews", "cluster"),
  kind("authentication.k8s.io", "v1", "TokenReview", "tokenreviews", "cluster"),
  kind("authorization.k8s.io", "v1", "LocalSubjectAccessReview", "localsubjectaccessreviews", "namespaced"),
  kind("authorization.k8s.io", "v1", "SelfSubjectAccessReview", "selfsubjectaccessreviews", "cluster"),
  kind("authorization.k8s.io", "v1", "SelfSubjectRulesReview", "selfsubjectrulesreviews", "cluster"),
  kind("authorization.k8s.io", "v1", "SubjectAccessReview", "subjectaccessreviews", "cluster"),
  kind(
    "autoscaling",
    "v2 v1",
    "HorizontalPodAutoscaler",
    "horizontalpodautoscalers",
    "namespaced",
    ["hpa"],
    ["all"],
  ),
  kind("batch", "v1", "CronJob", "cronjobs", "namespaced", ["cj"], ["all"]),
  kind("batch", "v1", "Job", "jobs", "namespaced", [], ["all"]),
  kind("certificates.k8s.io", "v1", "CertificateSigningRequest", "certificatesigningrequests", "cluster", [
    "csr",
  ]),
  kind("certificates.k8s.io", "v1beta1 v1alpha1", "ClusterTrustBundle", "clustertrustbundles", "cluster"),
  kind("certificates.k8s.io", "v1beta1", "PodCertificateRequest", "podcertificaterequests", "namespaced"),
  kind("coordination.k8s.io", "v1", "Lease", "leases", "namespaced"),
  kind("coordination.k8s.io", "v1beta1 v1alpha2", "LeaseCandidate", "leasecandidates", "namespaced"),
  kind("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", "namespaced"),
  kind("events.k8s.io", "v1", "Event", "events", "namespaced", ["ev"]),
  kind("flowcontrol.apiserver.k8s.io", "v1", "FlowSchema", "flowschemas", "cluster"),
  kind(
    "flowcontrol.apiserver.k8s.io",
    "v1",
    "PriorityLevelConfiguration",
    "prioritylevelconfigurations",
    "cluster",
  ),
  kind("internal.apiserver.k8s.io", "v1alpha1", "StorageVersion", "storageversions", "cluster"),
  kind("networking.k8s.io", "v1 v1beta1", "IPAddress", "ipaddresses", "cluster", ["ip"]),
  kind("networking.k8s.io", "v1", "Ingress", "ingresses", "namespaced", ["ing"]),
  kind("networking.k8s.io", "v1", "IngressClass", "ingressclasses", "cluster"),
  kind("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", "namespaced", ["netpol"]),
  kind("networking.k8s.io", "v1 v1beta1", "ServiceCIDR", "servicecidrs", "cluster"),
  kind("node.k8s.io", "v1", "RuntimeClass", "runtimeclasses", "cluster"),
  kind("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", "namespaced", ["pdb"]),
  kind("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", "cluster"),
  kind("rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings", "cluster"),
  kind("rbac.authorization.k8s.io", "v1", "Role", "roles", "namespaced"),
  kind("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings", "namespaced"),
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
  kind("scheduling.k8s.io", "v1", "PriorityClass", "priorityclasses", "cluster", ["pc"]),
  kind("scheduling.k8s.io", "v1alpha2", "Workload", "workloads", "namespaced"),
  kind("storage.k8s.io", "v1", "CSIDriver", "csidrivers", "cluster"),
  kind("storage.k8s.io", "v1", "CSINode", "csinodes", "cluster"),
  kind("storage.k8s.io", "v1", "CSIStorageCapacity", "csistoragecapacities", "namespaced"),
  kind("storage.k8s.io", "v1", "StorageClass", "storageclasses", "cluster", ["sc"]),
  kind("storage.k8s.io", "v1", "VolumeAttachment", "volumeattachments", "cluster"),
  kind("storage.k8s.io", "v1 v1beta1", "VolumeAttributesClass", "volumeattributesclasses", "cluster", [
    "vac",
  ]),
  kind(
    "storagemigration.k8s.io",
    "v1beta1",
    "StorageVersionMigration",
    "storageversionmigrations",
    "cluster",
  ),
];

/** The built-in kind of an object, or undefined when Kubernetes has none of that group, version and name. */
export function findBuiltInKind(apiVersion: string, kind: string): BuiltInKind | undefined {
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

const byName: ReadonlyMap<string, BuiltInKind> = new Map(
  builtInKinds.flatMap((each) =>
    each.versions.map((version) => [
      `${each.group === "" ? version : `${each.group}/${version}`}/${each.kind}`,
      each,
    ]),
  ),
);

function kind(
  group: string,
  versions: string,
  name: string,
  plural: string,
  scope: "namespaced" | "cluster",
  shortNames: readonly string[] = [],
  categories: readonly string[] = [],
): BuiltInKind {
  const namespaced = scope === "namespaced";
  return { group, versions: versions.split(" "), kind: name, plural, namespaced, shortNames, categories };
}
