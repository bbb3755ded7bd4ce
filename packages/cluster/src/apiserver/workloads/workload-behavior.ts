import type { Deployment, KubeObject } from "@seaworthy/kube";
import type { Behavior } from "../resource.ts";
import { dropDisabledFields } from "../pods/disabled-fields.ts";

/** Deployments. */
export const deploymentBehavior: Behavior = {
  prepareCreate(draft) {
    draft["status"] = {};
    return dropFromTemplate(draft);
  },
  prepareUpdate: dropFromTemplate,
};

/** ReplicaSets. */
export const replicaSetBehavior: Behavior = {
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
