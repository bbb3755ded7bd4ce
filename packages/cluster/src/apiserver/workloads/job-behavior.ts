import type { KubeObject, LabelSelector, ObjectMeta } from "@seaworthy/kube";
import type { Behavior } from "../resource.ts";
import { dropFromTemplate } from "./workload-behavior.ts";

/**
 * Jobs: unless they say otherwise, their selector and the labels of their pods are made of their uid, so that no two of them meet.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/registry/batch/job/strategy.go
 */
export const jobBehavior: Behavior = {
  prepareCreate(draft) {
    const spec = draft["spec"] as JobSpec | undefined;
    if (spec !== undefined && spec.manualSelector !== true) selectByUid(draft, spec);
    return dropFromTemplate(draft);
  },
  prepareUpdate: dropFromTemplate,
};

interface JobSpec {
  readonly manualSelector?: boolean;
  selector?: LabelSelector;
  template?: { metadata?: ObjectMeta };
}

/** Labels and a selector that somebody set himself stay as they are, and are refused where they contradict these. */
function selectByUid({ metadata }: KubeObject, spec: JobSpec): void {
  const uid = metadata.uid ?? "";
  const labels = {
    "batch.kubernetes.io/controller-uid": uid,
    "batch.kubernetes.io/job-name": metadata.name,
    "controller-uid": uid,
    "job-name": metadata.name,
  };
  const template = (spec.template ??= {});
  template.metadata = {
    ...template.metadata,
    labels: { ...labels, ...template.metadata?.labels },
  } as ObjectMeta;
  if (Object.keys(metadata.labels ?? {}).length === 0) metadata.labels = { ...template.metadata.labels };
  spec.selector = { ...spec.selector, matchLabels: { ...selected(uid), ...spec.selector?.matchLabels } };
}

function selected(uid: string): Record<string, string> {
  return { "batch.kubernetes.io/controller-uid": uid };
}
