import type {
  LabelSelector,
  Labels,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  StorageClass,
} from "@seaworthy/kube";
import type { NodeInfo } from "./node-info.ts";
import type { KnownSums } from "./over-nodes.ts";

/** The cluster as the scheduler sees it while it looks for the node of one pod. */
export interface Snapshot {
  readonly nodes: readonly NodeInfo[];
  readonly storage: StorageView;
  /** What was summed up over all nodes for the pods before. */
  readonly sums: KnownSums;
  namespaceLabels(name: string): Labels;
  /**
   * The selectors of the Services that select a pod and of its ReplicaSet, StatefulSet or ReplicationController; all of them
   * together find the pods that are like it (k8s.io/kubernetes/pkg/scheduler/framework/plugins/helper/spread.go).
   */
  selectorsOf(pod: Pod): readonly LabelSelector[];
}

/** Claims and volumes as they are known to be. */
export interface StorageView {
  claim(namespace: string | undefined, name: string): PersistentVolumeClaim | undefined;
  volume(name: string): PersistentVolume | undefined;
  volumes(): readonly PersistentVolume[];
  storageClass(name: string): StorageClass | undefined;
}
