import { deepEqual, type Deployment, type KubeObject } from "@seaworthy/kube";
import { invalidValue, type FieldError } from "../status-error.ts";
import type { Strategy } from "./strategy.ts";

/** Deployments: an annotation raises the generation too, and the selector never changes. */
export const deploymentStrategy: Strategy = {
  status: "isolated",
  statusKeepsLabels: true,
  hasScale: true,
  generationInputs: ({ spec, metadata }) => [spec, metadata.annotations ?? {}],
  prepareCreate: withEmptyStatus,
  prepareUpdate: selectorErrors,
};

/** ReplicaSets: the selector never changes. */
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
  prepareUpdate: selectorErrors,
};

function withEmptyStatus(draft: KubeObject): [] {
  draft["status"] = {};
  return [];
}

function selectorErrors(draft: KubeObject, old: KubeObject): FieldError[] {
  const selector = (draft as Deployment).spec.selector;
  if (deepEqual(selector, (old as Deployment).spec.selector)) return [];
  return [invalidValue("spec.selector", selector, "field is immutable")];
}
