import { cp, mkdir, realpath, rm } from "node:fs/promises";
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
  for (const [index, mount] of (container.volumeMounts ?? []).entries()) {
    const volume = volumes.get(mount.name);
    if (volume === undefined)
      throw new VolumeError("FailedMount", `volume "${mount.name}" is not of this pod`);
    const subPath = mount.subPathExpr === undefined ? mount.subPath : expandVariables(mount.subPathExpr, env);
    const hostPath =
      cleanPath(subPath ?? "") === "/"
        ? volume.path
        : await subPathOf(volume, subPath ?? "", `${container.name}/${index}`);
    const readOnly = volume.readOnly || mount.readOnly === true;
    mounts.push({ hostPath, mountPath: cleanPath(mount.mountPath), readOnly });
  }
  return mounts;
}

/**
 * The kubelet makes a sub path that does not exist a folder, and follows no link that leads out of the volume. What a key of a
 * ConfigMap is when its container starts is what that one has, whatever the key will be later.
 */
async function subPathOf(
  { path: root, copies }: VolumeAt,
  subPath: string,
  copyName: string,
): Promise<string> {
  const path = joinInside(root, subPath);
  if (!(await isPresent(path))) await mkdir(path, { recursive: true, mode: 0o750 });
  const [realRoot, real] = await Promise.all([realpath(root), realpath(path)]);
  if (real === realRoot || !real.startsWith(`${realRoot}${sep}`))
    throw new VolumeError("FailedMount", `failed to prepare subPath: ${subPath} leads out of its volume`);
  if (copies === undefined) return real;
  const copy = joinInside(copies, copyName);
  await rm(copy, { recursive: true, force: true });
  await cp(real, copy, { recursive: true });
  return copy;
}
