/** A field of a type, as far as its schema tells. */
export interface TypedField {
  readonly typeName: string;
  readonly name: string;
  readonly isRequired: boolean;
  /** Whether the type is that of a whole object. */
  readonly ofObject: boolean;
}

/**
 * Whether Kubernetes writes a field of one of its types even when it is empty, because it is a struct and no pointer to one.
 * Its OpenAPI documents give such fields the default `{}`.
 */
export function isStructField({ typeName, name, isRequired, ofObject }: TypedField): boolean {
  if (isRequired) return !requiredPointers.has(name);
  if (ofObject && (name === "metadata" || name === "spec" || name === "status")) return true;
  return structFields.has(`${typeName.split(".").at(-1)}.${name}`);
}

/** Fields that are required and may be null all the same: the selectors of workloads, and what some others refer to. */
const requiredPointers: ReadonlySet<string> = new Set(["selector", "secretRef", "parentRef"]);

/** The optional ones by type and field, as of v1.36.3. */
const structFields: ReadonlySet<string> = new Set([
  "AllocationResult.devices",
  "Container.resources",
  "ContainerStatus.lastState",
  "ContainerStatus.state",
  "CustomResourceDefinitionStatus.acceptedNames",
  "DaemonSetSpec.updateStrategy",
  "DeploymentSpec.strategy",
  "Endpoint.conditions",
  "EphemeralContainer.resources",
  "Event.deprecatedSource",
  "Event.regarding",
  "Event.source",
  "IngressServiceBackend.port",
  "IngressStatus.loadBalancer",
  "JobTemplateSpec.metadata",
  "JobTemplateSpec.spec",
  "LimitedPriorityLevelConfiguration.limitResponse",
  "NetworkPolicySpec.podSelector",
  "NodeDaemonEndpoints.kubeletEndpoint",
  "NodeStatus.daemonEndpoints",
  "NodeStatus.nodeInfo",
  "PersistentVolumeClaimSpec.resources",
  "PersistentVolumeClaimTemplate.metadata",
  "PodTemplate.template",
  "PodTemplateSpec.metadata",
  "PodTemplateSpec.spec",
  "ReplicaSetSpec.template",
  "ResourceClaimSpec.devices",
  "ResourceClaimTemplateSpec.metadata",
  "SelfSubjectReviewStatus.userInfo",
  "ServiceStatus.loadBalancer",
  "StatefulSetSpec.updateStrategy",
  "TokenReviewStatus.user",
]);
