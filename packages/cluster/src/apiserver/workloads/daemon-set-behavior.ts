import { deepEqual, type KubeObject } from "@seaworthy/kube";
import type { Behavior } from "../resource.ts";
import { dropFromTemplate } from "./workload-behavior.ts";

/** DaemonSets: an annotation counts their templates, as a field did that Kubernetes has given up. */
export const daemonSetBehavior: Behavior = {
  prepareCreate(draft) {
    countTemplates(draft, 1);
    return dropFromTemplate(draft);
  },
  prepareUpdate(draft, old) {
    const before = Number(old.metadata.annotations?.[annotation] ?? 1);
    dropFromTemplate(draft);
    countTemplates(draft, deepEqual(templateOf(draft), templateOf(old)) ? before : before + 1);
    return [];
  },
};

const annotation = "deprecated.daemonset.template.generation";

function countTemplates(draft: KubeObject, count: number): void {
  draft.metadata.annotations = { ...draft.metadata.annotations, [annotation]: String(count) };
}

function templateOf({ spec }: KubeObject): unknown {
  return (spec as { readonly template?: unknown } | undefined)?.template;
}
