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
import { mutatingAdmissionPolicyBindingKind } from "./admissionregistration/mutating-admission-policy-binding/mutating-admission-policy-binding-kind.ts";
import { mutatingAdmissionPolicyKind } from "./admissionregistration/mutating-admission-policy/mutating-admission-policy-kind.ts";
import { mutatingWebhookConfigurationKind } from "./admissionregistration/mutating-webhook-configuration/mutating-webhook-configuration-kind.ts";
import { validatingAdmissionPolicyBindingKind } from "./admissionregistration/validating-admission-policy-binding/validating-admission-policy-binding-kind.ts";
import { validatingAdmissionPolicyKind } from "./admissionregistration/validating-admission-policy/validating-admission-policy-kind.ts";
import { validatingWebhookConfigurationKind } from "./admissionregistration/validating-webhook-configuration/validating-webhook-configuration-kind.ts";
import { customResourceDefinitionKind } from "./apiextensions/custom-resource-definition/custom-resource-definition-kind.ts";
import { apiServiceKind } from "./apiregistration/api-service/api-service-kind.ts";
import { controllerRevisionKind } from "./apps/controller-revision/controller-revision-kind.ts";
import { daemonSetKind } from "./apps/daemon-set/daemon-set-kind.ts";
import { statefulSetKind } from "./apps/stateful-set/stateful-set-kind.ts";
import { horizontalPodAutoscalerKind } from "./autoscaling/horizontal-pod-autoscaler/horizontal-pod-autoscaler-kind.ts";
import { cronJobKind } from "./batch/cron-job/cron-job-kind.ts";
import { jobKind } from "./batch/job/job-kind.ts";
import { certificateSigningRequestKind } from "./certificates/certificate-signing-request/certificate-signing-request-kind.ts";
import { limitRangeKind } from "./core/limit-range/limit-range-kind.ts";
import { persistentVolumeClaimKind } from "./core/persistent-volume-claim/persistent-volume-claim-kind.ts";
import { persistentVolumeKind } from "./core/persistent-volume/persistent-volume-kind.ts";
import { podTemplateKind } from "./core/pod-template/pod-template-kind.ts";
import { replicationControllerKind } from "./core/replication-controller/replication-controller-kind.ts";
import { resourceQuotaKind } from "./core/resource-quota/resource-quota-kind.ts";
import { serviceAccountKind } from "./core/service-account/service-account-kind.ts";
import { eventKind as eventsEventKind } from "./events/event/event-kind.ts";
import { flowSchemaKind } from "./flowcontrol/flow-schema/flow-schema-kind.ts";
import { priorityLevelConfigurationKind } from "./flowcontrol/priority-level-configuration/priority-level-configuration-kind.ts";
import { ipAddressKind } from "./networking/ip-address/ip-address-kind.ts";
import { networkPolicyKind } from "./networking/network-policy/network-policy-kind.ts";
import { serviceCIDRKind } from "./networking/service-cidr/service-cidr-kind.ts";
import { runtimeClassKind } from "./node/runtime-class/runtime-class-kind.ts";
import { podDisruptionBudgetKind } from "./policy/pod-disruption-budget/pod-disruption-budget-kind.ts";
import { clusterRoleBindingKind } from "./rbac/cluster-role-binding/cluster-role-binding-kind.ts";
import { clusterRoleKind } from "./rbac/cluster-role/cluster-role-kind.ts";
import { roleBindingKind } from "./rbac/role-binding/role-binding-kind.ts";
import { roleKind } from "./rbac/role/role-kind.ts";
import { deviceClassKind } from "./resource/device-class/device-class-kind.ts";
import { resourceClaimTemplateKind } from "./resource/resource-claim-template/resource-claim-template-kind.ts";
import { resourceClaimKind } from "./resource/resource-claim/resource-claim-kind.ts";
import { resourceSliceKind } from "./resource/resource-slice/resource-slice-kind.ts";
import { priorityClassKind } from "./scheduling/priority-class/priority-class-kind.ts";
import { csiDriverKind } from "./storage/csi-driver/csi-driver-kind.ts";
import { csiNodeKind } from "./storage/csi-node/csi-node-kind.ts";
import { csiStorageCapacityKind } from "./storage/csi-storage-capacity/csi-storage-capacity-kind.ts";
import { storageClassKind } from "./storage/storage-class/storage-class-kind.ts";
import { volumeAttachmentKind } from "./storage/volume-attachment/volume-attachment-kind.ts";
import { volumeAttributesClassKind } from "./storage/volume-attributes-class/volume-attributes-class-kind.ts";
import { groupOf } from "./group-of.ts";
import { apiVersionOf, apiVersionsOf, kind, type Kind } from "./kind.ts";

/**
 * Every kind of Kubernetes 1.36, also those whose version must be enabled, as its discovery documents list them
 * (kubernetes/api/discovery). The embedded cluster serves
 * those whose storage is known.
 */
export const builtInKinds: readonly Kind[] = [
  kind("", "v1", "Binding", "bindings", "namespaced"),
  kind("", "v1", "ComponentStatus", "componentstatuses", "cluster", { shortNames: ["cs"], isRecord: true }),
  configMapKind,
  endpointsKind,
  eventKind,
  limitRangeKind,
  namespaceKind,
  nodeKind,
  persistentVolumeKind,
  persistentVolumeClaimKind,
  podKind,
  podTemplateKind,
  replicationControllerKind,
  resourceQuotaKind,
  secretKind,
  serviceKind,
  serviceAccountKind,
  mutatingAdmissionPolicyKind,
  mutatingAdmissionPolicyBindingKind,
  mutatingWebhookConfigurationKind,
  validatingAdmissionPolicyKind,
  validatingAdmissionPolicyBindingKind,
  validatingWebhookConfigurationKind,
  customResourceDefinitionKind,
  apiServiceKind,
  controllerRevisionKind,
  daemonSetKind,
  deploymentKind,
  replicaSetKind,
  statefulSetKind,
  kind("authentication.k8s.io", "v1", "SelfSubjectReview", "selfsubjectreviews", "cluster"),
  kind("authentication.k8s.io", "v1", "TokenReview", "tokenreviews", "cluster"),
  kind("authorization.k8s.io", "v1", "LocalSubjectAccessReview", "localsubjectaccessreviews", "namespaced"),
  kind("authorization.k8s.io", "v1", "SelfSubjectAccessReview", "selfsubjectaccessreviews", "cluster"),
  kind("authorization.k8s.io", "v1", "SelfSubjectRulesReview", "selfsubjectrulesreviews", "cluster"),
  kind("authorization.k8s.io", "v1", "SubjectAccessReview", "subjectaccessreviews", "cluster"),
  horizontalPodAutoscalerKind,
  cronJobKind,
  jobKind,
  certificateSigningRequestKind,
  kind("certificates.k8s.io", "v1beta1 v1alpha1", "ClusterTrustBundle", "clustertrustbundles", "cluster"),
  kind("certificates.k8s.io", "v1beta1", "PodCertificateRequest", "podcertificaterequests", "namespaced"),
  leaseKind,
  kind("coordination.k8s.io", "v1beta1 v1alpha2", "LeaseCandidate", "leasecandidates", "namespaced", {
    isRecord: true,
  }),
  endpointSliceKind,
  eventsEventKind,
  flowSchemaKind,
  priorityLevelConfigurationKind,
  kind("internal.apiserver.k8s.io", "v1alpha1", "StorageVersion", "storageversions", "cluster", {
    isRecord: true,
  }),
  ipAddressKind,
  ingressKind,
  ingressClassKind,
  networkPolicyKind,
  serviceCIDRKind,
  runtimeClassKind,
  podDisruptionBudgetKind,
  clusterRoleKind,
  clusterRoleBindingKind,
  roleKind,
  roleBindingKind,
  deviceClassKind,
  kind("resource.k8s.io", "v1beta2 v1alpha3", "DeviceTaintRule", "devicetaintrules", "cluster"),
  resourceClaimKind,
  resourceClaimTemplateKind,
  kind("resource.k8s.io", "v1alpha3", "ResourcePoolStatusRequest", "resourcepoolstatusrequests", "cluster"),
  resourceSliceKind,
  kind("scheduling.k8s.io", "v1alpha2", "PodGroup", "podgroups", "namespaced"),
  priorityClassKind,
  kind("scheduling.k8s.io", "v1alpha2", "Workload", "workloads", "namespaced"),
  csiDriverKind,
  csiNodeKind,
  csiStorageCapacityKind,
  storageClassKind,
  volumeAttachmentKind,
  volumeAttributesClassKind,
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

/**
 * Whether a kind is somebody else's, for which a CustomResourceDefinition is needed. Its group decides: groups of
 * Kubernetes have no dot or are in the table. A group that is a slip of the pen away from one of them, for a kind of
 * that group, is a misspelling.
 */
export function isCustomKind(apiVersion: string, kind: string): boolean {
  const group = groupOf(apiVersion);
  if (!group.includes(".") || groups.has(group)) return false;
  let near = misspelled.get(group);
  if (near === undefined) {
    near = nearestName(group, groups, slipOfThePen) ?? "";
    if (misspelled.size < mostRemembered) misspelled.set(group, near);
  }
  return near === "" || !builtInKinds.some((each) => each.group === near && each.kind === kind);
}

/** What a group was probably meant to be, or "": of thousands of objects most are of a few groups. */
const misspelled = new Map<string, string>();
const mostRemembered = 1000;

const slipOfThePen = 2;

const groups: ReadonlySet<string> = new Set(builtInKinds.map(({ group }) => group));

const byName: ReadonlyMap<string, Kind> = new Map(
  builtInKinds.flatMap((each) =>
    [
      ...apiVersionsOf(each),
      ...(each.offVersions ?? []).map((version) => apiVersionOf({ ...each, version })),
    ].map((apiVersion) => [`${apiVersion}/${each.kind}`, each] as const),
  ),
);
