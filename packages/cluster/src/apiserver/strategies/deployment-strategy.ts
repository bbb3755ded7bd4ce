import type { Deployment, KubeObject } from "@seaworthy/kube";
import type { Strategy } from "./strategy.ts";

/** Deployments: an annotation raises the generation too. */
export const deploymentStrategy: Strategy = {
  status: "isolated",
  statusKeepsLabels: true,
  hasScale: true,
  generationInputs: ({ spec, metadata }) => [spec, metadata.annotations ?? {}],
  prepareCreate: withEmptyStatus,
};

/** ReplicaSets. */
export const replicaSetStrategy: Strategy = {
  status: "isolated",
  statusKeepsLabels: true,
  hasScale: true,
  generationInputs: ({ spec }) => spec,
  selectableFields: (object) => ({
    "metadata.name": object.metadata.name,
    "status.replicas": String((object as Deployment).status?.replicas ?? 0),
  }),
  prepareCreate(draft) {
    // `replicas` is a required field of the status, so Kubernetes writes it from the start.
    draft["status"] = { replicas: 0 };
    return [];
  },
};

function withEmptyStatus(draft: KubeObject): [] {
  draft["status"] = {};
  return [];
}
