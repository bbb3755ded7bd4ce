/** How the API server merges a list: by the value of this key, else the list is replaced as a whole. */
const mergeKeys: Readonly<Record<string, readonly string[]>> = {
  containers: ["name"],
  initContainers: ["name"],
  ephemeralContainers: ["name"],
  volumes: ["name"],
  env: ["name"],
  imagePullSecrets: ["name"],
  volumeMounts: ["mountPath"],
  volumeDevices: ["devicePath"],
  hostAliases: ["ip"],
  topologySpreadConstraints: ["topologyKey"],
  // Of a container, and of a Service.
  ports: ["containerPort", "port"],
};

/**
 * The strategic merge patch that turns what was applied last into what is applied now and leaves alone what
 * others wrote: the patch of `kubectl apply` (apply.go, threewaymergepatch). Values of `modified` are written in full;
 * what `original` had and `modified` has not is deleted.
 */
export function threeWayPatch(original: unknown, modified: unknown): unknown {
  if (isRecord(original) && isRecord(modified)) return patchRecord(original, modified);
  return modified;
}

function patchRecord(
  original: Record<string, unknown>,
  modified: Record<string, unknown>,
): Record<string, unknown> {
  const patch: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(modified)) {
    const before = original[key];
    patch[key] =
      Array.isArray(value) && Array.isArray(before)
        ? patchList(key, before, value)
        : threeWayPatch(before, value);
  }
  for (const key of Object.keys(original)) if (!(key in modified)) patch[key] = null;
  return patch;
}

function patchList(field: string, original: readonly unknown[], modified: readonly unknown[]): unknown[] {
  const key = mergeKeyOf(field, [...original, ...modified]);
  if (key === undefined) return [...modified];
  const find = (list: readonly unknown[], value: unknown) =>
    list.find((item) => isRecord(item) && item[key] === value);
  const kept = modified.map((item) =>
    threeWayPatch(find(original, (item as Record<string, unknown>)[key]), item),
  );
  const removed = original.filter(
    (item) => find(modified, (item as Record<string, unknown>)[key]) === undefined,
  );
  return [
    ...kept,
    ...removed.map((item) => ({ $patch: "delete", [key]: (item as Record<string, unknown>)[key] })),
  ];
}

function mergeKeyOf(field: string, items: readonly unknown[]): string | undefined {
  return mergeKeys[field]?.find((key) => items.every((item) => isRecord(item) && item[key] !== undefined));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
