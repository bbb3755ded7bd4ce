import { mkdir, realpath } from "node:fs/promises";
import { sep } from "node:path";
import type { Container } from "@seaworthy/kube";
import { cleanPath } from "../container/environment.ts";
import { expandVariables } from "../container/expand-variables.ts";
import type { Mount } from "../runtime/pod-runtime.ts";
import { isPresent } from "./is-present.ts";
import { joinInside } from "./join-inside.ts";
import type { VolumeAt } from "./set-up-volumes.ts";
import { VolumeError } from "./volume-error.ts";

/** The mounts of a container. */
export async function containerMounts(
  container: Container,
  volumes: ReadonlyMap<string, VolumeAt>,
  env: Readonly<Record<string, string>>,
): Promise<Mount[]> {
  const mounts: Mount[] = [];
  for (const mount of container.volumeMounts ?? []) {
    const volume = volumes.get(mount.name);
    if (volume === undefined)
      throw new VolumeError("FailedMount", `volume "${mount.name}" is not of this pod`);
    const subPath = mount.subPathExpr === undefined ? mount.subPath : expandVariables(mount.subPathExpr, env);
    const hostPath =
      cleanPath(subPath ?? "") === "/" ? volume.path : await subPathOf(volume.path, subPath ?? "");
    const readOnly = volume.readOnly || mount.readOnly === true;
    mounts.push({ hostPath, mountPath: cleanPath(mount.mountPath), readOnly });
  }
  return mounts;
}

/** The kubelet makes a sub path that does not exist a folder, and follows no link that leads out of the volume. */
async function subPathOf(volume: string, subPath: string): Promise<string> {
  const path = joinInside(volume, subPath);
  if (!(await isPresent(path))) await mkdir(path, { recursive: true, mode: 0o750 });
  const [root, real] = await Promise.all([realpath(volume), realpath(path)]);
  if (real === root || !real.startsWith(`${root}${sep}`))
    throw new VolumeError("FailedMount", `failed to prepare subPath: ${subPath} leads out of its volume`);
  // What a key of a ConfigMap is now is what is mounted, whatever it will be later.
  return real;
}
