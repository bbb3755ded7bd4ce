/**
 * What client-node's models leave out of the Kubernetes schema: how lists and structs merge, and which
 * strings are quantities. The values are those of the `patchStrategy`, `patchMergeKey`, `listType`,
 * `listMapKey` and `structType` tags in k8s.io/api and k8s.io/apimachinery. A list that is not named here
 * is replaced as a whole.
 */
export interface ListMerge {
  /** The key by which a strategic merge patch matches items; absent for a set of scalars. */
  readonly patchMergeKey?: string;
  readonly patchStrategy?: "merge" | "merge,retainKeys" | "retainKeys";
  /** The keys by which server-side apply matches items. */
  readonly listMapKeys?: readonly string[];
  readonly listType?: "map" | "set";
}

const conditions = keyed("type");

/** By type and field, as `PodSpec.containers`. */
export const listMerges: Readonly<Record<string, ListMerge>> = {
  "V1Container.env": keyed("name"),
  "V1Container.ports": keyed("containerPort", ["containerPort", "protocol"]),
  "V1Container.volumeDevices": keyed("devicePath"),
  "V1Container.volumeMounts": keyed("mountPath"),
  "V1ContainerStatus.allocatedResourcesStatus": keyed("name"),
  "V1ContainerStatus.volumeMounts": keyed("mountPath"),
  "V1ContainerRestartRuleOnExitCodes.values": { listType: "set" },
  "V1DaemonSetStatus.conditions": conditions,
  "V1DeploymentSpec.strategy": { patchStrategy: "retainKeys" },
  "V1DeploymentStatus.conditions": conditions,
  "V1Endpoint.addresses": { listType: "set" },
  "V1EphemeralContainer.env": keyed("name"),
  "V1EphemeralContainer.ports": keyed("containerPort", ["containerPort", "protocol"]),
  "V1EphemeralContainer.volumeDevices": keyed("devicePath"),
  "V1EphemeralContainer.volumeMounts": keyed("mountPath"),
  "V1JobStatus.conditions": { patchMergeKey: "type", patchStrategy: "merge" },
  "V1NamespaceStatus.conditions": conditions,
  "V1NodeAllocatableResourceClaimStatus.containers": { listType: "set" },
  "V1NodeSpec.podCIDRs": { patchStrategy: "merge", listType: "set" },
  "V1NodeStatus.addresses": keyed("type"),
  "V1NodeStatus.conditions": conditions,
  "V1ObjectMeta.finalizers": { patchStrategy: "merge", listType: "set" },
  "V1ObjectMeta.ownerReferences": keyed("uid"),
  "V1PersistentVolumeClaimStatus.conditions": conditions,
  "V1PodDisruptionBudgetStatus.conditions": conditions,
  "V1PodFailurePolicyOnExitCodesRequirement.values": { listType: "set" },
  "V1PodSpec.containers": keyed("name"),
  "V1PodSpec.ephemeralContainers": keyed("name"),
  "V1PodSpec.hostAliases": keyed("ip"),
  "V1PodSpec.imagePullSecrets": keyed("name"),
  "V1PodSpec.initContainers": keyed("name"),
  "V1PodSpec.resourceClaims": { ...keyed("name"), patchStrategy: "merge,retainKeys" },
  "V1PodSpec.schedulingGates": keyed("name"),
  "V1PodSpec.topologySpreadConstraints": keyed("topologyKey", ["topologyKey", "whenUnsatisfiable"]),
  "V1PodSpec.volumes": { ...keyed("name"), patchStrategy: "merge,retainKeys" },
  "V1PodStatus.conditions": conditions,
  "V1PodStatus.hostIPs": { patchMergeKey: "ip", patchStrategy: "merge" },
  "V1PodStatus.nodeAllocatableResourceClaimStatuses": keyed("resourceClaimName"),
  "V1PodStatus.podIPs": keyed("ip"),
  "V1PodStatus.resourceClaimStatuses": { ...keyed("name"), patchStrategy: "merge,retainKeys" },
  "V1ReplicaSetStatus.conditions": conditions,
  "V1ResourceRequirements.claims": { listType: "map", listMapKeys: ["name"] },
  "V1ResourceStatus.resources": { listType: "map", listMapKeys: ["resourceID"] },
  "V1ServiceAccount.secrets": keyed("name"),
  "V1ServiceSpec.ports": keyed("port", ["port", "protocol"]),
  "V1ServiceStatus.conditions": conditions,
  "V1StatefulSetStatus.conditions": conditions,
  "V1UncountedTerminatedPods.failed": { listType: "set" },
  "V1UncountedTerminatedPods.succeeded": { listType: "set" },
  "V2HorizontalPodAutoscalerStatus.conditions": conditions,
};

/** Structs and maps that server-side apply owns as one value. */
export const atomicTypes: ReadonlySet<string> = new Set([
  "CoreV1EndpointPort",
  "DiscoveryV1EndpointPort",
  "RbacV1Subject",
  "V1ConfigMapKeySelector",
  "V1EndpointAddress",
  "V1FileKeySelector",
  "V1LabelSelector",
  "V1LocalObjectReference",
  "V1NodeSelector",
  "V1NodeSelectorTerm",
  "V1ObjectFieldSelector",
  "V1ObjectReference",
  "V1OwnerReference",
  "V1ResourceFieldSelector",
  "V1RoleRef",
  "V1SecretKeySelector",
  "V1SecretReference",
  "V1ServiceBackendPort",
  "V1TypedLocalObjectReference",
]);

/** Map fields that server-side apply owns as one value. */
export const atomicFields: ReadonlySet<string> = new Set([
  "V1PodSpec.nodeSelector",
  "V1ServiceSpec.selector",
]);

/** Fields that client-node calls strings and Kubernetes calls quantities. */
export const quantityFields: ReadonlySet<string> = new Set([
  "V1ContainerStatus.allocatedResources",
  "V1EmptyDirVolumeSource.sizeLimit",
  "V1NodeStatus.allocatable",
  "V1NodeStatus.capacity",
  "V1PersistentVolumeClaimStatus.allocatedResources",
  "V1PersistentVolumeClaimStatus.capacity",
  "V1PodSpec.overhead",
  "V1PodStatus.allocatedResources",
  "V1ResourceFieldSelector.divisor",
  "V1ResourceRequirements.limits",
  "V1ResourceRequirements.requests",
  "V1VolumeResourceRequirements.limits",
  "V1VolumeResourceRequirements.requests",
  "V2HPAScalingRules.tolerance",
  "V2MetricTarget.averageValue",
  "V2MetricTarget.value",
  "V2MetricValueStatus.averageValue",
  "V2MetricValueStatus.value",
]);

function keyed(patchMergeKey: string, listMapKeys: readonly string[] = [patchMergeKey]): ListMerge {
  return { patchMergeKey, patchStrategy: "merge", listType: "map", listMapKeys };
}
