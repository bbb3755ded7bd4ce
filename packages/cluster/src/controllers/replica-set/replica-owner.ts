import {
  resourceTypes,
  type LabelSelector,
  type ReplicaSet,
  type ReplicationController,
  type ServedType,
} from "@seaworthy/kube";

/** An object that keeps a number of pods which are all alike: in all but its selector the two kinds are one. */
export type ReplicaOwner = ReplicaSet | ReplicationController;

/** What tells the two kinds apart; one controller serves both. */
export interface ReplicaOwnerType {
  readonly type: ServedType;
  /** The component that its events name. */
  readonly controllerName: string;
  readonly selectorOf: (owner: ReplicaOwner) => LabelSelector | undefined;
  /** Whether its status tells of pods that are being deleted. */
  readonly countsTerminating: boolean;
}

/** ReplicaSets. */
export const replicaSetType: ReplicaOwnerType = {
  type: resourceTypes.replicasets,
  controllerName: "replicaset-controller",
  selectorOf: (owner) => (owner as ReplicaSet).spec.selector,
  countsTerminating: true,
};

/**
 * ReplicationControllers, whose selector is a map of labels.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/replication/conversion.go
 */
export const replicationControllerType: ReplicaOwnerType = {
  type: resourceTypes.replicationcontrollers,
  controllerName: "replication-controller",
  selectorOf: (owner) => {
    const matchLabels = (owner as ReplicationController).spec.selector;
    return matchLabels === undefined ? undefined : { matchLabels };
  },
  countsTerminating: false,
};
