import type { AttributionContext } from "../causes/attribute.ts";
import { exampleFacts } from "./example-facts.ts";
import { examplePod } from "./example-pod.ts";

/** One pod of a Service, deleted after a second, that nobody but its events tells of. */
export const exampleContext: AttributionContext = {
  timeline: {
    pods: [examplePod({ deletionSeenAt: 1_000, goneAt: 1_200 })],
    endpoints: [],
    deployments: [],
  },
  facts: [exampleFacts],
  services: { service: { namespace: "default", name: "shop" } },
  edges: [],
  path: "/",
  journals: [],
  kept: [],
  edgeIdleMs: undefined,
};
