import {
  resourceTypes,
  type DaemonSet,
  type Deployment,
  type Pod,
  type PodSpec,
  type ServedType,
  type StatefulSet,
} from "@seaworthy/kube";
import {
  daemonSetState,
  podState,
  rolloutState,
  statefulSetState,
  type RolloutState,
} from "./rollout-state.ts";

/** Objects that are waited for: workloads that are rolled out, and Pods that nobody manages. */
export type Rolled = Deployment | StatefulSet | DaemonSet | Pod;

/** Their kinds. */
export type RolledKind = "Deployment" | "StatefulSet" | "DaemonSet" | "Pod";

/** What is known of each of them. */
export const rolledKinds: Readonly<
  Record<
    RolledKind,
    {
      readonly type: ServedType;
      readonly state: (object: Rolled) => RolloutState;
      /** What its pods are made of; absent where it is one itself. */
      readonly template?: (object: Rolled) => {
        readonly minReadySeconds?: number;
        readonly template: { spec: PodSpec };
      };
    }
  >
> = {
  Deployment: {
    type: resourceTypes.deployments,
    state: (object) => rolloutState(object as Deployment),
    template: ({ spec }) => spec as Deployment["spec"],
  },
  StatefulSet: {
    type: resourceTypes.statefulsets,
    state: (object) => statefulSetState(object as StatefulSet),
    template: ({ spec }) => spec as StatefulSet["spec"],
  },
  DaemonSet: {
    type: resourceTypes.daemonsets,
    state: (object) => daemonSetState(object as DaemonSet),
    template: ({ spec }) => spec as DaemonSet["spec"],
  },
  Pod: { type: resourceTypes.pods, state: (object) => podState(object as Pod) },
};
