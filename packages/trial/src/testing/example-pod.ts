import type { PodLife } from "../timeline/timeline.ts";

/** The life of a pod `old` of the Deployment `shop` that was ready and not deleted. */
export function examplePod(over: Partial<PodLife>): PodLife {
  return {
    uid: over.name ?? "old",
    namespace: "default",
    name: "old",
    deployment: "shop",
    revision: "1",
    seenAt: 0,
    ip: "10.0.0.1",
    node: "node-1",
    ready: [{ at: 500, ready: true }],
    deletionSeenAt: undefined,
    graceSeconds: undefined,
    ends: [],
    goneAt: undefined,
    ...over,
  };
}
