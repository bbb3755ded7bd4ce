import { posix } from "node:path";
import type { Mount } from "../runtime/pod-runtime.ts";

/**
 * Adds mounts that leave visible what runs a container. Its program, its working directory and the files that its
 * command line names lie on this machine, where a volume may be mounted over them: a checkout below /tmp, and an
 * emptyDir at /tmp. From an image they would come from elsewhere, and a volume would not hide them. Of each path
 * that a mount hides, the folder right below the mount stays, because files beside it may be needed as well.
 * A mount at the very path is meant to replace it. `readOnly`: whether the image's own files are.
 */
export function keepVisible(mounts: readonly Mount[], paths: readonly string[], readOnly = false): Mount[] {
  const kept = new Set<string>();
  for (const path of paths) {
    const hiding = mounts
      .filter(
        ({ mountPath }) => path !== mountPath && path.startsWith(mountPath === "/" ? "/" : `${mountPath}/`),
      )
      .map(({ mountPath }) => mountPath)
      .toSorted((left, right) => right.length - left.length)[0];
    if (hiding === undefined) continue;
    const [first = ""] = posix.relative(hiding, path).split("/");
    kept.add(posix.join(hiding, first));
  }
  const own = new Set(mounts.map(({ mountPath }) => mountPath));
  return [
    ...mounts,
    ...[...kept]
      .filter((path) => !own.has(path))
      .map((path) => ({ hostPath: path, mountPath: path, readOnly })),
  ];
}
