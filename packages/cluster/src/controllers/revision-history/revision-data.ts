import { deepEqual, escapeAsGo, type ControllerRevision, type PodTemplateSpec } from "@seaworthy/kube";
import { canonicalJson, fnv132, safeEncode } from "./safe-hash.ts";

/**
 * What a revision keeps: a patch that puts the pod template of then in the place of another.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/statefulset/stateful_set_utils.go (getPatch)
 */
export interface RevisionData {
  readonly spec: { readonly template: PodTemplateSpec & { readonly $patch: "replace" } };
}

/** The data of a revision with this template, in the order in which Go writes it: its clients compare the bytes. */
export function revisionData(template: PodTemplateSpec): RevisionData {
  return JSON.parse(
    canonicalJson({ spec: { template: { ...template, $patch: "replace" } } }),
  ) as RevisionData;
}

/** The pod template that a revision keeps. */
export function templateOfRevision({ data }: ControllerRevision): PodTemplateSpec {
  const { spec } = data as unknown as RevisionData;
  const { $patch: _patch, ...template } = spec.template;
  return template;
}

/** Whether a revision keeps this template. */
export function keepsTemplate(revision: ControllerRevision, template: PodTemplateSpec): boolean {
  return deepEqual(templateOfRevision(revision), template);
}

/**
 * The hash of a revision, the same as Kubernetes makes of the same data.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/history/controller_history.go (HashControllerRevision)
 */
export function revisionHash(data: RevisionData, collisionCount: number): string {
  return safeEncode(String(fnv132(`${escapeAsGo(canonicalJson(data))}${collisionCount}`)));
}
