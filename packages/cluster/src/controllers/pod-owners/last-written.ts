import type { KubeObject } from "@seaworthy/kube";

/**
 * What a controller wrote last of each object. Its caches of different types are not equally fresh: a status from before the
 * write, next to pods from after it, would count them twice or not at all.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/util/consistency/consistency_store.go
 */
export interface LastWritten {
  wrote(object: KubeObject): void;
  /** Whether an object is older than what was written of it. */
  isStale(object: KubeObject): boolean;
  forget(object: KubeObject): void;
}

/** Makes a memory of nothing. */
export function createLastWritten(): LastWritten {
  const versions = new Map<string, number>();
  return {
    wrote: (object) => versions.set(object.metadata.uid ?? "", versionOf(object)),
    isStale: (object) => versionOf(object) < (versions.get(object.metadata.uid ?? "") ?? 0),
    forget: (object) => versions.delete(object.metadata.uid ?? ""),
  };
}

function versionOf({ metadata }: KubeObject): number {
  return Number(metadata.resourceVersion ?? 0);
}
