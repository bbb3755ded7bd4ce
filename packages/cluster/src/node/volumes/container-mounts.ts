import { cp, mkdir, realpath, rm } from "node:fs/promises";
import { sep } from "node:path";
import type { Container } from "@seaworthy/kube";
import { cleanPath, ContainerConfigError } from "../container/environment.ts";
import { expandVariables, variablesIn } from "../container/expand-variables.ts";
import type { Mount } from "../runtime/pod-runtime.ts";
import { isPresent } from "./is-present.ts";
import { joinInside } from "./join-inside.ts";
import type { VolumeAt } from "./set-up-volumes.ts";

/**
 * The mounts of a container. `env` is what its pod gives it, by which sub paths are expanded.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/kubelet/kubelet_pods.go (makeMounts)
 */
export async function containerMounts(
  container: Container,
  volumes: ReadonlyMap<string, VolumeAt>,
  env: Readonly<Record<string, string>>,
): Promise<Mount[]> {
  const mounts: Mount[] = [];
  for (const [index, mount] of (container.volumeMounts ?? []).entries()) {
    const volume = volumes.get(mount.name);
    if (volume === undefined)
      throw new ContainerConfigError(
        `cannot find volume "${mount.name}" to mount into container "${container.name}"`,
      );
    const subPath =
      mount.subPathExpr === undefined ? (mount.subPath ?? "") : expandedSubPath(mount.subPathExpr, env);
    const hostPath =
      cleanPath(subPath) === "/"
        ? volume.path
        : await subPathOf(volume, subPath, {
            copyName: `${container.name}/${index}`,
            mountedAs: `volumeMount "${mount.name}" of container "${container.name}"`,
          });
    const readOnly = volume.readOnly || mount.readOnly === true;
    mounts.push({ hostPath, mountPath: cleanPath(mount.mountPath), readOnly });
  }
  return mounts;
}

/** Variables can make of it what the API would have refused. */
function expandedSubPath(expression: string, env: Readonly<Record<string, string>>): string {
  const missing = variablesIn(expression).filter((name) => (env[name] ?? "") === "");
  if (missing.length > 0)
    throw new ContainerConfigError(`missing value for ${[...new Set(missing)].toSorted().join(", ")}`);
  const path = expandVariables(expression, env);
  if (path.startsWith("/"))
    throw new ContainerConfigError(`error SubPath \`${path}\` must not be an absolute path`);
  if (path.split("/").includes(".."))
    throw new ContainerConfigError(`unable to provision SubPath \`${path}\`: must not contain '..'`);
  return path;
}

/**
 * The kubelet makes a sub path that does not exist a folder, and follows no link that leads out of the volume. What a key of a
 * ConfigMap is when its container starts is what that one has, whatever the key will be later.
 */
async function subPathOf(
  { path: root, copies }: VolumeAt,
  subPath: string,
  { copyName, mountedAs }: { readonly copyName: string; readonly mountedAs: string },
): Promise<string> {
  const path = joinInside(root, subPath);
  if (!(await isPresent(path))) await mkdir(path, { recursive: true, mode: 0o750 });
  const [realRoot, real] = await Promise.all([realpath(root), realpath(path)]);
  if (real === realRoot || !real.startsWith(`${realRoot}${sep}`))
    throw new ContainerConfigError(`failed to prepare subPath for ${mountedAs}`);
  if (copies === undefined) return real;
  const copy = joinInside(copies, copyName);
  await rm(copy, { recursive: true, force: true });
  await cp(real, copy, { recursive: true });
  return copy;
}
