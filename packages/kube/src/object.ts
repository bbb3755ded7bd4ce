import type {
  CoreV1Event,
  CoreV1EndpointPort,
  DiscoveryV1EndpointPort,
  V1ConfigMap,
  V1ControllerRevision,
  V1CronJob,
  V1DaemonSet,
  V1Container,
  V1ContainerPort,
  V1ContainerState,
  V1ContainerStatus,
  V1Deployment,
  V1DeploymentCondition,
  V1DeploymentSpec,
  V1DeploymentStatus,
  V1DeploymentStrategy,
  V1Endpoint,
  V1EndpointAddress,
  V1EndpointSlice,
  V1EndpointSubset,
  V1Endpoints,
  V1EnvFromSource,
  V1EnvVar,
  V1HTTPIngressPath,
  V1Ingress,
  V1IngressBackend,
  V1IngressClass,
  V1IngressRule,
  V1IngressSpec,
  V1Job,
  V1JobCondition,
  V1JobSpec,
  V1JobStatus,
  V1LabelSelector,
  V1LabelSelectorRequirement,
  V1LimitRange,
  V1Lease,
  V1LeaseSpec,
  V1Lifecycle,
  V1LifecycleHandler,
  V1ManagedFieldsEntry,
  V1Namespace,
  V1NetworkPolicy,
  V1Node,
  V1NodeCondition,
  V1NodeSelector,
  V1NodeSpec,
  V1NodeStatus,
  V1ObjectMeta,
  V1ObjectReference,
  V1OwnerReference,
  V1PersistentVolume,
  V1PersistentVolumeClaim,
  V1Pod,
  V1PodCondition,
  V1PodDisruptionBudget,
  V1PodFailurePolicy,
  V1PodSpec,
  V1PodStatus,
  V1PodTemplateSpec,
  V1Probe,
  V1PriorityClass,
  V1ReplicaSet,
  V1ReplicaSetCondition,
  V1ReplicaSetSpec,
  V1ReplicaSetStatus,
  V1ReplicationController,
  V1ResourceQuota,
  V1ResourceRequirements,
  V1RuntimeClass,
  V1Secret,
  V1Service,
  V1ServicePort,
  V1ServiceSpec,
  V1StatefulSet,
  V1StatefulSetStatus,
  V1StorageClass,
  V1SuccessPolicy,
  V1Taint,
  V1Toleration,
  V1TopologySpreadConstraint,
  V1Volume,
  V1VolumeMount,
} from "@kubernetes/client-node";

/** Any Kubernetes object, as JSON. Every kind below is assignable to it. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  [field: string]: unknown;
}

/** The metadata of an object that has a name. Times are RFC 3339 strings, as on the wire. */
export type ObjectMeta = Omit<TemplateMeta, "name"> & { name: string };

/** The metadata of a template, which has no name of its own. */
export type TemplateMeta = WireFields<V1ObjectMeta>;

/**
 * A client-node model as it is on the wire: times are strings, there are no methods, and a name that
 * TypeScript could not spell (`_from`) has its real spelling.
 */
export type Wire<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? Wire<Item>[]
    : T extends object
      ? IsObjectMeta<T> extends true
        ? TemplateMeta
        : WireFields<T>
      : T;

/** A client-node model of which nothing has been checked: any field may be missing, at any depth. */
export type Unchecked<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? Unchecked<Item>[]
    : T extends object
      ? { [K in keyof T as WireName<K>]?: Unchecked<NonNullable<T[K]>> }
      : T;

type WireFields<T> = {
  [K in keyof T as WireName<K>]: K extends "template" ? WireTemplate<T[K]> : Wire<T[K]>;
};

type IsObjectMeta<T> = string extends keyof T ? false : "managedFields" extends keyof T ? true : false;

type WireName<K> = K extends `_${infer Name}` ? Name : K;

type WireTemplate<T> = NonNullable<T> extends V1PodTemplateSpec ? PodTemplateSpec : Wire<T>;

type WireObject<T, Required extends string = never> = Omit<ObjectFields<T>, Required> & {
  [K in keyof ObjectFields<T> as Extract<K, Required>]-?: NonNullable<ObjectFields<T>[K]>;
} & { apiVersion: string; kind: string; metadata: ObjectMeta };

type ObjectFields<T> = Omit<WireFields<T>, "apiVersion" | "kind" | "metadata">;

/** What controllers stamp into each pod they make. */
export interface PodTemplateSpec {
  metadata?: TemplateMeta;
  spec: PodSpec;
}

export type Pod = WireObject<V1Pod, "spec">;
export type Service = WireObject<V1Service, "spec">;
export type Endpoints = WireObject<V1Endpoints>;
export type EndpointSlice = WireObject<V1EndpointSlice>;
export type Deployment = WireObject<V1Deployment, "spec">;
export type ReplicaSet = WireObject<V1ReplicaSet, "spec">;
export type ReplicationController = WireObject<V1ReplicationController, "spec">;
export type StatefulSet = WireObject<V1StatefulSet, "spec">;
export type DaemonSet = WireObject<V1DaemonSet, "spec">;
export type ControllerRevision = WireObject<V1ControllerRevision, "revision">;
export type Job = WireObject<V1Job, "spec">;
export type CronJob = WireObject<V1CronJob, "spec">;
export type Node = WireObject<V1Node>;
export type Namespace = WireObject<V1Namespace>;
export type ConfigMap = WireObject<V1ConfigMap>;
export type Secret = WireObject<V1Secret>;
/** A core/v1 Event; named so because `Event` is a global of the platform. */
export type CoreEvent = WireObject<CoreV1Event>;
export type Ingress = WireObject<V1Ingress, "spec">;
export type NetworkPolicy = WireObject<V1NetworkPolicy>;
export type IngressClass = WireObject<V1IngressClass>;
export type Lease = WireObject<V1Lease>;
export type PriorityClass = WireObject<V1PriorityClass, "value">;
export type RuntimeClass = WireObject<V1RuntimeClass, "handler">;
export type ResourceQuota = WireObject<V1ResourceQuota>;
export type LimitRange = WireObject<V1LimitRange>;
export type PersistentVolume = WireObject<V1PersistentVolume, "spec">;
export type PersistentVolumeClaim = WireObject<V1PersistentVolumeClaim>;
export type StorageClass = WireObject<V1StorageClass, "provisioner">;
export type PodDisruptionBudget = WireObject<V1PodDisruptionBudget, "spec">;

export type PodSpec = Wire<V1PodSpec>;
export type PodStatus = Wire<V1PodStatus>;
export type PodDisruptionBudgetStatus = NonNullable<PodDisruptionBudget["status"]>;
export type PodCondition = Wire<V1PodCondition>;
export type Container = Wire<V1Container>;
export type ContainerPort = Wire<V1ContainerPort>;
export type ContainerState = Wire<V1ContainerState>;
export type ContainerStatus = Wire<V1ContainerStatus>;
export type EnvFromSource = Wire<V1EnvFromSource>;
export type EnvVar = Wire<V1EnvVar>;
export type Lifecycle = Wire<V1Lifecycle>;
export type LifecycleHandler = Wire<V1LifecycleHandler>;
export type Probe = Wire<V1Probe>;
export type ResourceRequirements = Wire<V1ResourceRequirements>;
export type Taint = Wire<V1Taint>;
export type Toleration = Wire<V1Toleration>;
export type TopologySpreadConstraint = Wire<V1TopologySpreadConstraint>;
export type Volume = Wire<V1Volume>;
export type VolumeMount = Wire<V1VolumeMount>;

export type DeploymentCondition = Wire<V1DeploymentCondition>;
export type DeploymentSpec = Wire<V1DeploymentSpec>;
export type DeploymentStatus = Wire<V1DeploymentStatus>;
export type DeploymentStrategy = Wire<V1DeploymentStrategy>;
export type ReplicaSetCondition = Wire<V1ReplicaSetCondition>;
export type ReplicaSetSpec = Wire<V1ReplicaSetSpec>;
export type ReplicaSetStatus = Wire<V1ReplicaSetStatus>;

export type JobCondition = Wire<V1JobCondition>;
export type JobSpec = Wire<V1JobSpec>;
export type JobStatus = Wire<V1JobStatus>;
export type PodFailurePolicy = Wire<V1PodFailurePolicy>;
export type CronJobStatus = NonNullable<CronJob["status"]>;
export type SuccessPolicy = Wire<V1SuccessPolicy>;
export type StatefulSetStatus = Wire<V1StatefulSetStatus>;
export type DaemonSetStatus = NonNullable<DaemonSet["status"]>;

export type NodeCondition = Wire<V1NodeCondition>;
export type NodeSpec = Wire<V1NodeSpec>;
export type NodeStatus = Wire<V1NodeStatus>;

/** The port of an Endpoints subset. */
export type EndpointPort = Wire<CoreV1EndpointPort>;
/** The port of an EndpointSlice. */
export type EndpointSlicePort = Wire<DiscoveryV1EndpointPort>;
/** One endpoint of an EndpointSlice. */
export type Endpoint = Wire<V1Endpoint>;
export type EndpointAddress = Wire<V1EndpointAddress>;
export type EndpointSubset = Wire<V1EndpointSubset>;
export type IngressBackend = Wire<V1IngressBackend>;
export type IngressPath = Wire<V1HTTPIngressPath>;
export type IngressRule = Wire<V1IngressRule>;
export type IngressSpec = Wire<V1IngressSpec>;
export type LeaseSpec = Wire<V1LeaseSpec>;
export type ServicePort = Wire<V1ServicePort>;
export type ServiceSpec = Wire<V1ServiceSpec>;

export type LabelSelector = Wire<V1LabelSelector>;
export type LabelSelectorRequirement = Wire<V1LabelSelectorRequirement>;
export type ManagedFieldsEntry = Wire<V1ManagedFieldsEntry>;
export type NodeSelector = Wire<V1NodeSelector>;
export type ObjectReference = Wire<V1ObjectReference>;
export type OwnerReference = Wire<V1OwnerReference>;

/** The shape that the conditions of every kind share. */
export interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
  /** The generation of the object of which it tells; absent in most kinds. */
  observedGeneration?: number;
}
