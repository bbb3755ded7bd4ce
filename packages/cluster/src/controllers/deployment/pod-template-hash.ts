import type { PodTemplateSpec } from "@seaworthy/kube";

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

/** Digits and letters that cannot form a word (k8s.io/apimachinery/pkg/util/rand, SafeEncodeString). */
const safeAlphabet = "bcdfghjklmnpqrstvwxz2456789";

function safeEncode(text: string): string {
  return Array.from(Buffer.from(text), (byte) => safeAlphabet.charAt(byte % safeAlphabet.length)).join("");
}

function fnv1a32(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

function canonicalTemplate(template: PodTemplateSpec): string {
  const { [podTemplateHashLabel]: _hash, ...labels } = template.metadata?.labels ?? {};
  const annotations = template.metadata?.annotations ?? {};
  return canonicalJson({ ...template, metadata: { ...template.metadata, labels, annotations } });
}

/** JSON with sorted keys and without null, so that the order in which fields were written does not matter. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item)).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined && field !== null)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${canonicalJson(field)}`);
  return `{${fields.join(",")}}`;
}
