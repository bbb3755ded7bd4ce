import { toGoJson, type KubeObject } from "@seaworthy/kube";

/** kubectl's own, so that `kubectl apply` and `kubectl diff` go on from what was applied here. */
export const lastAppliedAnnotation = "kubectl.kubernetes.io/last-applied-configuration";

/**
 * The object with the annotation that says what was applied, to the byte as `kubectl apply` writes it (apply.go,
 * GetModifiedConfiguration): else a `kubectl apply` of the same file would find a difference.
 */
export function withLastApplied(object: KubeObject, namespace: string | undefined): KubeObject {
  const { [lastAppliedAnnotation]: _, ...annotations } = object.metadata.annotations ?? {};
  const { namespace: _namespace, ...named } = object.metadata;
  const metadata = { ...named, ...(namespace === undefined ? {} : { namespace }) };
  // The annotations stand there also when there are none.
  const configuration = `${goJson({ ...object, metadata: { ...metadata, annotations } })}\n`;
  return {
    ...object,
    metadata: { ...metadata, annotations: { ...annotations, [lastAppliedAnnotation]: configuration } },
  };
}

/** What was applied last, as far as the live object tells. */
export function readLastApplied(live: KubeObject): unknown {
  try {
    return JSON.parse(live.metadata.annotations?.[lastAppliedAnnotation] ?? "{}");
  } catch {
    // An annotation that is not JSON was not written by an apply: nothing is known to be removed.
    return {};
  }
}

/** JSON as Go's encoding/json writes a map: keys sorted by their bytes, and `<`, `>`, `&` escaped. */
function goJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => goJson(item)).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    // Written by hand, because JSON.stringify puts keys that are whole numbers first.
    const entries = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .toSorted(([left], [right]) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
    return `{${entries.map(([key, item]) => `${goJson(key)}:${goJson(item)}`).join(",")}}`;
  }
  return toGoJson(value);
}
