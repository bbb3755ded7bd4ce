import { validatingAdmissionPolicyKind } from "./kinds/admissionregistration/validating-admission-policy/validating-admission-policy-kind.ts";
import { apiServiceKind } from "./kinds/apiregistration/api-service/api-service-kind.ts";
import { certificateSigningRequestKind } from "./kinds/certificates/certificate-signing-request/certificate-signing-request-kind.ts";
import { serviceAccountKind } from "./kinds/core/service-account/service-account-kind.ts";
import { clusterRoleBindingKind } from "./kinds/rbac/cluster-role-binding/cluster-role-binding-kind.ts";
import { clusterRoleKind } from "./kinds/rbac/cluster-role/cluster-role-kind.ts";
import { roleBindingKind } from "./kinds/rbac/role-binding/role-binding-kind.ts";
import { roleKind } from "./kinds/rbac/role/role-kind.ts";
import { deploymentKind } from "./kinds/apps/deployment/deployment-kind.ts";
import { replicaSetKind } from "./kinds/apps/replica-set/replica-set-kind.ts";
import { controllerRevisionKind } from "./kinds/apps/controller-revision/controller-revision-kind.ts";
import { daemonSetKind } from "./kinds/apps/daemon-set/daemon-set-kind.ts";
import { statefulSetKind } from "./kinds/apps/stateful-set/stateful-set-kind.ts";
import { horizontalPodAutoscalerKind } from "./kinds/autoscaling/horizontal-pod-autoscaler/horizontal-pod-autoscaler-kind.ts";
import { cronJobKind } from "./kinds/batch/cron-job/cron-job-kind.ts";
import { jobKind } from "./kinds/batch/job/job-kind.ts";
import { persistentVolumeClaimKind } from "./kinds/core/persistent-volume-claim/persistent-volume-claim-kind.ts";
import { replicationControllerKind } from "./kinds/core/replication-controller/replication-controller-kind.ts";
import { leaseKind } from "./kinds/coordination/lease/lease-kind.ts";
import { configMapKind } from "./kinds/core/config-map/config-map-kind.ts";
import { endpointsKind } from "./kinds/core/endpoints/endpoints-kind.ts";
import { eventKind } from "./kinds/core/event/event-kind.ts";
import { namespaceKind } from "./kinds/core/namespace/namespace-kind.ts";
import { nodeKind } from "./kinds/core/node/node-kind.ts";
import { podKind } from "./kinds/core/pod/pod-kind.ts";
import { resourceQuotaKind } from "./kinds/core/resource-quota/resource-quota-kind.ts";
import { secretKind } from "./kinds/core/secret/secret-kind.ts";
import { serviceKind } from "./kinds/core/service/service-kind.ts";
import { endpointSliceKind } from "./kinds/discovery/endpoint-slice/endpoint-slice-kind.ts";
import { customResourceDefinitionKind } from "./kinds/apiextensions/custom-resource-definition/custom-resource-definition-kind.ts";
import { persistentVolumeKind } from "./kinds/core/persistent-volume/persistent-volume-kind.ts";
import { storageClassKind } from "./kinds/storage/storage-class/storage-class-kind.ts";
import type { Kind } from "./kinds/kind.ts";
import { servedTypes, type ServedType } from "./kinds/kinds.ts";
import { ingressKind } from "./kinds/networking/ingress/ingress-kind.ts";
import { networkPolicyKind } from "./kinds/networking/network-policy/network-policy-kind.ts";
import { podDisruptionBudgetKind } from "./kinds/policy/pod-disruption-budget/pod-disruption-budget-kind.ts";
import { priorityClassKind } from "./kinds/scheduling/priority-class/priority-class-kind.ts";
import { serviceCIDRKind } from "./kinds/networking/service-cidr/service-cidr-kind.ts";
import { runtimeClassKind } from "./kinds/node/runtime-class/runtime-class-kind.ts";
import { ingressClassKind } from "./kinds/networking/ingress-class/ingress-class-kind.ts";

/** The types that our own code asks the API for, keyed by plural. */
export const resourceTypes = {
  persistentvolumes: only(persistentVolumeKind),
  persistentvolumeclaims: only(persistentVolumeClaimKind),
  replicationcontrollers: only(replicationControllerKind),
  statefulsets: only(statefulSetKind),
  storageclasses: only(storageClassKind),
  namespaces: only(namespaceKind),
  nodes: only(nodeKind),
  pods: only(podKind),
  services: only(serviceKind),
  endpoints: only(endpointsKind),
  endpointslices: only(endpointSliceKind),
  configmaps: only(configMapKind),
  secrets: only(secretKind),
  events: only(eventKind),
  deployments: only(deploymentKind),
  replicasets: only(replicaSetKind),
  daemonsets: only(daemonSetKind),
  controllerrevisions: only(controllerRevisionKind),
  jobs: only(jobKind),
  cronjobs: only(cronJobKind),
  horizontalpodautoscalers: only(horizontalPodAutoscalerKind),
  ingresses: only(ingressKind),
  ingressclasses: only(ingressClassKind),
  networkpolicies: only(networkPolicyKind),
  leases: only(leaseKind),
  priorityclasses: only(priorityClassKind),
  runtimeclasses: only(runtimeClassKind),
  servicecidrs: only(serviceCIDRKind),
  resourcequotas: only(resourceQuotaKind),
  poddisruptionbudgets: only(podDisruptionBudgetKind),
  customresourcedefinitions: only(customResourceDefinitionKind),
  validatingadmissionpolicies: only(validatingAdmissionPolicyKind),
  serviceaccounts: only(serviceAccountKind),
  clusterroles: only(clusterRoleKind),
  clusterrolebindings: only(clusterRoleBindingKind),
  roles: only(roleKind),
  rolebindings: only(roleBindingKind),
  certificatesigningrequests: only(certificateSigningRequestKind),
  apiservices: only(apiServiceKind),
} as const satisfies Record<string, ServedType>;

function only(kind: Kind): ServedType {
  const [type] = servedTypes(kind);
  if (type === undefined) throw new TypeError(`${kind.kind} has no version`);
  return type;
}
