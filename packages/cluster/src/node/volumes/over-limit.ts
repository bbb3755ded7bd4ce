import { parseQuantity, type Pod } from "@seaworthy/kube";
import { folderUsage } from "./folder-usage.ts";

/**
 * Why a pod is to be evicted for what it has written to its emptyDirs; undefined while it keeps to their limits.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/kubelet/eviction/eviction_manager.go (emptyDirLimitEviction)
 */
export async function overLimit(
  pod: Pod,
  pathOf: (volume: string) => string | undefined,
): Promise<string | undefined> {
  for (const { name, limit } of limitsOf(pod)) {
    const path = pathOf(name);
    if (path === undefined || BigInt(await folderUsage(path)) * billion <= parseQuantity(limit)) continue;
    return `Usage of EmptyDir volume "${name}" exceeds the limit "${limit}". `;
  }
  return undefined;
}

/** The emptyDirs of a pod that have a limit. */
export function limitsOf({ spec }: Pod): { readonly name: string; readonly limit: string }[] {
  return (spec.volumes ?? []).flatMap(({ name, emptyDir }) =>
    emptyDir?.sizeLimit === undefined || parseQuantity(emptyDir.sizeLimit) === 0n
      ? []
      : [{ name, limit: emptyDir.sizeLimit }],
  );
}

const billion = 1_000_000_000n;
