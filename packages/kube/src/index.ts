export { AccessAuthorizer, type AccessQuestion } from "./admission-expressions/access-library.ts";
export { checkPolicy, type CheckedPolicy } from "./admission-expressions/check-policy.ts";
export { askExpression } from "./admission-expressions/ask-expression.ts";
export { outOfBudget, withinBudget } from "./cel/within-budget.ts";
export {
  bindVariables,
  compilePolicy,
  type CompiledPolicy,
  type PolicyExpressions,
} from "./admission-expressions/compile-policy.ts";
export { appliedObject, patchOperations } from "./admission-expressions/patch-library.ts";
export { askConditions, type ConditionsAnswer } from "./admission-expressions/match-conditions.ts";
export {
  admissionEnvironment,
  compileExpression,
  type Bindings,
  type CompiledExpression,
} from "./admission-expressions/compile-expression.ts";
export { fromJson } from "./admission-expressions/json-values.ts";
export { requestValue } from "./admission-expressions/request-library.ts";
export { customKind } from "./custom-kinds/custom-kind.ts";
export {
  definesKind,
  isConditionTrue,
  type CustomResourceDefinition,
  type CustomResourceDefinitionNames,
} from "./custom-kinds/custom-resource-definition.ts";
export { gatewayDefinitionOf } from "./gateway-api/gateway-definitions.ts";
export {
  gatewayGroup,
  gatewayTypes,
  type BackendReference,
  type Gateway,
  type GatewayClass,
  type GatewayListener,
  type GatewayRoute,
  type GatewayStatus,
  type GrpcRoute,
  type GrpcRouteRule,
  type HeaderFilter,
  type HttpRoute,
  type HttpRouteMatch,
  type HttpRouteRule,
  type NamedMatch,
  type GatewayReference,
  type ParentReference,
  type PathModifier,
  type ReferenceGrant,
  type RouteFilter,
  type RouteParentStatus,
} from "./gateway-api/gateway-objects.ts";
export { setAtPath, valueAtPath } from "./custom-kinds/scale-paths.ts";
export { approvalOf } from "./kinds/apiextensions/custom-resource-definition/validation/approval-errors.ts";
export { isJsonObject, type JsonObject } from "./patch/json-value.ts";
export { withoutNulls } from "./patch/without-nulls.ts";
export { applyDefaults } from "./defaults/apply-defaults.ts";
export { defaultImagePullPolicy } from "./defaults/image-pull-policy.ts";
export { deepEqual } from "./deep-equal.ts";
export { formatObjectName } from "./format-object-name.ts";
export { deploymentOf } from "./kinds/apps/deployment/deployment-of.ts";
export {
  containerStatusesOf,
  hasPodEnded,
  isPodActive,
  isPodReady,
  podAvailableAtMs,
  podReadySinceMs,
} from "./kinds/core/pod/pod-state.ts";
export { parseCronSchedule, type CronSchedule } from "./kinds/batch/cron-job/cron-schedule.ts";
export { nextCronTime } from "./kinds/batch/cron-job/next-cron-time.ts";
export { zoneOffset } from "./kinds/batch/cron-job/zoned-clock.ts";
export { imageReference, type ImageReference } from "./kinds/core/pod/image-reference.ts";
export { portNumber } from "./kinds/core/pod/port-number.ts";
export { preStopOf, type PreStop } from "./kinds/core/pod/pre-stop.ts";
export { drainSeconds, propagationSeconds } from "./kinds/core/pod/shutdown-seconds.ts";
export { qosClassOf } from "./kinds/core/pod/qos-class.ts";
export { podEphemeralContainersErrors } from "./kinds/core/pod/pod-errors.ts";
export { podResizeErrors } from "./kinds/core/pod/pod-resize-errors.ts";
export { isSidecar, runningContainers } from "./kinds/core/pod/running-containers.ts";
export { targetPortIn } from "./kinds/core/service/target-port.ts";
export { parseTimestamp, timestamp } from "./kinds/meta/timestamp.ts";
export { withCondition } from "./kinds/meta/with-condition.ts";
export { podTemplateOf, type FoundTemplate } from "./kinds/pod-template.ts";
export { storageClassOf } from "./kinds/core/persistent-volume-claim/storage-class-of.ts";
export { systemPriorities } from "./kinds/scheduling/priority-class/system-priorities.ts";
export { withDisruptionAllowed } from "./kinds/policy/pod-disruption-budget/with-disruption-allowed.ts";
export { findClusterIpErrors } from "./kinds/core/service/cluster-ip-errors.ts";
export { forbiddenValue, invalidValue, type FieldError } from "./kinds/field-error.ts";
export { timeError } from "./go/parse-errors.ts";
export { decodingError } from "./go/decoding-error.ts";
export { formatDuration, parseDuration } from "./go/go-duration.ts";
export { escapeAsGo, toGoJson, toGoText } from "./go/go-text.ts";
export { loadRules, rulesOf } from "./kinds/kind-rules.ts";
export { validateCreate, validateStatusUpdate, validateUpdate } from "./kinds/validate.ts";
export { builtInKinds, findBuiltInKind, isCustomKind } from "./kinds/built-in-kinds.ts";
export { kind, apiVersionOf, apiVersionsOf, type Kind, type KindTraits, type Storage } from "./kinds/kind.ts";
export { compareVersions } from "./kinds/compare-versions.ts";
export { groupOf } from "./kinds/group-of.ts";
export {
  createKinds,
  servedKinds,
  servedTypes,
  actsUpon,
  isNamespaced,
  isIdle,
  typePath,
  type Kinds,
  type ServedType,
} from "./kinds/kinds.ts";
export {
  column,
  nameColumn,
  ageColumn,
  wideColumn,
  nameAndAge,
  type TableColumns,
} from "./kinds/columns/columns.ts";
export { ageOf } from "./kinds/columns/human-duration.ts";
export { ApplyConflict } from "./managed-fields/apply-conflict.ts";
export {
  applyConfiguration,
  InvalidConfiguration,
  type Applied,
} from "./managed-fields/apply-configuration.ts";
export { mergeConfiguration } from "./managed-fields/merge-configuration.ts";
export { FieldSet } from "./managed-fields/field-set/field-set.ts";
export { fieldElement, type Path } from "./managed-fields/field-set/path-element.ts";
export { sameButTimes, writeManagedFields } from "./managed-fields/field-owners.ts";
export type { OwnershipRules } from "./managed-fields/ownership-rules.ts";
export { fromScaleOwners, toScaleOwners } from "./managed-fields/scale-owners.ts";
export { trackUpdate } from "./managed-fields/track-update.ts";
export { builtInMergeType } from "./managed-fields/typed/built-in-merge-type.ts";
export type { MergeType } from "./managed-fields/typed/merge-type.ts";
export { openApiMergeType } from "./managed-fields/typed/open-api-merge-type.ts";
export { checkManifest } from "./manifests/check-manifest.ts";
export { findComments, type FoundComment } from "./manifests/find-comments.ts";
export type { Manifest } from "./manifests/manifest.ts";
export { parseDocuments, parseManifests, type ParsedManifests } from "./manifests/parse-manifests.ts";
export { EditableYaml } from "./yaml-edits/edit-yaml.ts";
export type { FieldEdit } from "./yaml-edits/field-edit.ts";
export { formatYaml } from "./manifests/format-yaml.ts";
export { parseYaml, type ParsedYaml } from "./manifests/parse-yaml.ts";
export type {
  Condition,
  ConfigMap,
  Container,
  ContainerPort,
  ContainerState,
  ContainerStatus,
  ControllerRevision,
  CoreEvent,
  CronJob,
  CronJobStatus,
  DaemonSet,
  DaemonSetStatus,
  Deployment,
  DeploymentCondition,
  DeploymentSpec,
  DeploymentStatus,
  DeploymentStrategy,
  Endpoint,
  EndpointAddress,
  EndpointPort,
  EndpointSlice,
  EndpointSlicePort,
  EndpointSubset,
  Endpoints,
  EnvFromSource,
  EnvVar,
  Ingress,
  IngressBackend,
  IngressClass,
  IngressPath,
  IngressRule,
  IngressSpec,
  Job,
  JobCondition,
  JobSpec,
  JobStatus,
  KubeObject,
  LabelSelector,
  LabelSelectorRequirement,
  Lease,
  LeaseSpec,
  Lifecycle,
  LifecycleHandler,
  LimitRange,
  ManagedFieldsEntry,
  Namespace,
  NetworkPolicy,
  Node,
  NodeCondition,
  NodeSpec,
  NodeStatus,
  ObjectMeta,
  ObjectReference,
  OwnerReference,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  PodCondition,
  PodDisruptionBudget,
  PodDisruptionBudgetStatus,
  PodFailurePolicy,
  PodSpec,
  PodStatus,
  PodTemplateSpec,
  PriorityClass,
  RuntimeClass,
  Probe,
  ReplicaSet,
  ReplicaSetCondition,
  ReplicaSetSpec,
  ReplicaSetStatus,
  ReplicationController,
  ResourceQuota,
  ResourceRequirements,
  Secret,
  Service,
  ServicePort,
  ServiceSpec,
  StatefulSet,
  StatefulSetStatus,
  StorageClass,
  SuccessPolicy,
  Taint,
  TemplateMeta,
  Toleration,
  TopologySpreadConstraint,
  Volume,
  VolumeMount,
  Wire,
} from "./object.ts";
export { resourceTypes } from "./resource-types.ts";
export { jsonPatch, type JsonPatchOperation } from "./patch/json-patch.ts";
export { mergePatch } from "./patch/merge-patch.ts";
export { strategicMergePatch } from "./patch/strategic-merge-patch.ts";
export { resolveIntOrPercent } from "./quantity/int-or-percent.ts";
export {
  canonicalQuantity,
  compareQuantity,
  formatQuantity,
  isQuantity,
  parseQuantity,
  type QuantityFormat,
} from "./quantity/quantity.ts";
export type { LimitedPart } from "./quota/limited-part.ts";
export { quotaRulesOf } from "./quota/quota-rules.ts";
export { isInScopes } from "./quota/quota-scopes.ts";
export {
  addResources,
  maskResources,
  risenResources,
  sameResources,
  type ResourceList,
} from "./quota/resource-list.ts";
export {
  defineTypes,
  findTypeSchema,
  schemaTypeOf,
  type FieldSchema,
  type TypeSchema,
} from "./schema/schema.ts";
export {
  matchesNodeSelection,
  matchesTerm,
  taintsOf,
  tolerates,
  untoleratedTaint,
} from "./scheduling/node-selection.ts";
export { hostPorts, hostPortsClash } from "./scheduling/host-ports.ts";
export { resourceAmounts, sumResources, type Resources } from "./scheduling/pod-amounts.ts";
export { podRequests } from "./scheduling/pod-requests.ts";
export {
  matchesFieldSelector,
  parseFieldSelector,
  type FieldRequirement,
} from "./selectors/field-selector.ts";
export { formatLabelSelector } from "./selectors/format-label-selector.ts";
export { labelSelectorInGo } from "./selectors/label-selector-in-go.ts";
export { matchesLabelSelector, type Labels } from "./selectors/matches-label-selector.ts";
export { parseLabelSelector } from "./selectors/parse-label-selector.ts";
export { serviceSelects, serviceSelectsPod } from "./kinds/core/service/service-selects.ts";
export { formatFieldPath, parseFieldPath, type FieldPath } from "./validation/field-path.ts";
export { valueAtField } from "./validation/value-at-field.ts";
export { nearestName } from "./validation/nearest-name.ts";
export { hasRepeatedFields, writtenFields, type WrittenField } from "./validation/written-fields.ts";
export { isPlainObject } from "./validation/is-plain-object.ts";
export { validateObject, type FieldProblem } from "./validation/validate-object.ts";
export type {
  CertificateSigningRequest,
  CertificateSigningRequestCondition,
} from "./kinds/certificates/certificate-signing-request/certificate-signing-request-errors.ts";
export { certificateSigningRequestStatusErrors } from "./kinds/certificates/certificate-signing-request/certificate-signing-request-status-errors.ts";
export { encodeSwagger } from "./protobuf/encode-swagger.ts";
export { loadProtobuf } from "./protobuf/load-protobuf.ts";
export type { ProtobufCodec } from "./protobuf/protobuf-codec.ts";
export { ProtobufError } from "./protobuf/protobuf-error.ts";
