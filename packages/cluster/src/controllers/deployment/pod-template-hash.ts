import type { PodTemplateSpec } from "@seaworthy/kube";
import { canonicalJson, fnv1a32, safeEncode } from "../revision-history/safe-hash.ts";

/** The label by which the ReplicaSets of a Deployment tell their pods apart. */
export const podTemplateHashLabel = "pod-template-hash";

/**
 * The hash of a pod template: FNV-1a 32 over its canonical JSON, written as Kubernetes writes it
 * (k8s.io/kubernetes/pkg/controller/controller_utils.go, ComputeHash). The value differs from that of
 * Kubernetes, which hashes Go's own print of the struct.
 */
export function podTemplateHash(template: PodTemplateSpec, collisionCount: number | undefined): string {
  const text = canonicalTemplate(template) + (collisionCount === undefined ? "" : `#${collisionCount}`);
  return safeEncode(String(fnv1a32(text)));
}

/** Whether two templates are the same but for their hash label (EqualIgnoreHash). */
export function equalIgnoringHash(left: PodTemplateSpec, right: PodTemplateSpec): boolean {
  return canonicalTemplate(left) === canonicalTemplate(right);
}

function canonicalTemplate(template: PodTemplateSpec): string {
  const { [podTemplateHashLabel]: _hash, ...labels } = template.metadata?.labels ?? {};
  const annotations = template.metadata?.annotations ?? {};
  return canonicalJson({ ...template, metadata: { ...template.metadata, labels, annotations } });
}
