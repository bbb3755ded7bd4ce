import type { Filter, Score } from "./plugin.ts";
import { balancedAllocation } from "./plugins/balanced-allocation.ts";
import { imageLocality } from "./plugins/image-locality.ts";
import { leastAllocated } from "./plugins/least-allocated.ts";
import { namedNodes, preferredNodeAffinity } from "./plugins/node-affinity.ts";
import { nodeAlone } from "./plugins/node-alone.ts";
import { podAffinity, preferredPodAffinity } from "./plugins/pod-affinity.ts";
import { softTaints } from "./plugins/taint-toleration.ts";
import { topologySpread, wishedTopologySpread } from "./plugins/topology-spread.ts";
import { volumeBinding, volumeRestrictions, volumeZone } from "./plugins/volumes.ts";

/**
 * The filters of the default profile in its order. The plugin NodeName is not among them: a pod that has a node is not
 * scheduled.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/scheduler/apis/config/v1/default_plugins.go
 */
export const defaultFilters: readonly Filter[] = [
  namedNodes,
  nodeAlone,
  volumeRestrictions,
  volumeBinding,
  volumeZone,
  topologySpread,
  podAffinity,
];

/** The scores of the default profile with their weights. */
export const defaultScores: readonly { readonly score: Score; readonly weight: number }[] = [
  { score: softTaints, weight: 3 },
  { score: preferredNodeAffinity, weight: 2 },
  { score: leastAllocated, weight: 1 },
  { score: wishedTopologySpread, weight: 2 },
  { score: preferredPodAffinity, weight: 2 },
  { score: balancedAllocation, weight: 1 },
  { score: imageLocality, weight: 1 },
];
