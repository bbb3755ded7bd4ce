import { podTemplateOf, type KubeObject } from "@seaworthy/kube";
import type { Behavior } from "../resource.ts";
import { dropDisabledFields } from "../pods/disabled-fields.ts";

/** What has a pod template: fields that are behind a gate of Kubernetes are taken out of it. */
export const workloadBehavior: Behavior = {
  prepareCreate: dropFromTemplate,
  prepareUpdate: dropFromTemplate,
};

/** Takes such fields out; there is nothing to refuse. */
export function dropFromTemplate(draft: KubeObject): [] {
  dropDisabledFields(podTemplateOf(draft)?.spec);
  return [];
}
