import type { Deployment, KubeObject } from "@seaworthy/kube";
import { dropDisabledFields } from "./disabled-fields.ts";
import type { Strategy } from "./strategy.ts";

/** Deployments: an annotation raises the generation too. */
export const deploymentStrategy: Strategy = {
  status: "isolated",
  statusKeepsLabels: true,
  hasScale: true,
  generationInputs: ({ spec, metadata }) => [spec, metadata.annotations ?? {}],
  prepareCreate(draft) {
    draft["status"] = {};
    return dropFromTemplate(draft);
  },
  prepareUpdate: dropFromTemplate,
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
    return dropFromTemplate(draft);
  },
  prepareUpdate: dropFromTemplate,
};

function dropFromTemplate(draft: KubeObject): [] {
  dropDisabledFields((draft as Deployment).spec?.template?.spec);
  return [];
}
