import { realpathSync, statSync } from "node:fs";
import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { SeaworthyError } from "@seaworthy/errors";
import {
  formatFieldPath,
  formatObjectName,
  actsUpon,
  type FieldPath,
  type Manifest,
  type PodSpec,
  type Volume,
  podTemplateOf,
} from "@seaworthy/kube";

/** What a manifest asks of the machine itself, and where it says so. */
export interface HostAccess {
  readonly manifest: Manifest;
  readonly path: FieldPath;
  /** For people, for example `hostPath /var/log`. */
  readonly what: string;
}

export interface HostAccessOptions {
  /** What was named on the command line: a file, or a folder of manifests. */
  readonly paths: readonly string[];
  readonly cwd: string;
  /** Whether the user allowed it with `--allow-host`. */
  readonly isAllowed: boolean;
}

/**
 * Finds what the pods of these manifests ask of the machine on which the embedded cluster runs them. Returns one line
 * about it, or undefined when there is nothing. Throws SW1301 at the first field when it is not allowed.
 */
export function checkHostAccess(
  manifests: readonly Manifest[],
  options: HostAccessOptions,
): string | undefined {
  const [first, ...more] = findHostAccess(manifests, ownFolders(options));
  if (first === undefined) return undefined;
  const all = [first, ...more];
  const text = `these manifests use this machine itself: ${all.map(describe).join(", ")}`;
  if (options.isAllowed) return text;
  const place = first.manifest.locate(first.path);
  throw new SeaworthyError("SW1301", `${formatObjectName(first.manifest.object)} asks for ${first.what}`, {
    place: { ...place, label: "on this machine, with your rights" },
    object: formatObjectName(first.manifest.object),
    field: formatFieldPath(first.path),
    why: "the embedded cluster runs pods as processes of yours, so this would reach your own files and network",
    seen: more.length === 0 ? [] : [`and ${more.map(describe).join(", ")}`],
    next: [
      "take it out of the manifest that you try",
      "or, when you know these manifests and trust them: --allow-host",
    ],
  });
}

/** Everything that pods ask of their host. Reading below one of `folders` is not counted: it is what was given to be tried. */
export function findHostAccess(manifests: readonly Manifest[], folders: readonly string[]): HostAccess[] {
  return manifests.flatMap((manifest) => {
    // What the embedded cluster does not run reaches nothing.
    if (!actsUpon(manifest.object)) return [];
    const template = podTemplateOf(manifest.object);
    const spec = template?.spec;
    if (template === undefined || spec === undefined) return [];
    const at = [...template.path, "spec"];
    return [...namespaceAccess(spec), ...volumeAccess(spec, folders), ...privilegedAccess(spec)].map(
      ({ path, what }) => ({ manifest, path: [...at, ...path], what }),
    );
  });
}

type Found = Pick<HostAccess, "path" | "what">;

function namespaceAccess(spec: PodSpec): Found[] {
  return (["hostNetwork", "hostPID", "hostIPC"] as const)
    .filter((field) => spec[field] === true)
    .map((field) => ({ path: [field], what: field }));
}

function privilegedAccess(spec: PodSpec): Found[] {
  return (["initContainers", "containers"] as const).flatMap((list) =>
    (spec[list] ?? []).flatMap(({ securityContext }, index) =>
      securityContext?.privileged === true
        ? [{ path: [list, index, "securityContext", "privileged"], what: "privileged" }]
        : [],
    ),
  );
}

function volumeAccess(spec: PodSpec, folders: readonly string[]): Found[] {
  return (spec.volumes ?? []).flatMap((volume, index) => {
    if (volume.hostPath === undefined || isReadInside(volume, spec, folders)) return [];
    const { path } = volume.hostPath;
    const isEngine = /\/(?:docker|containerd|crio|podman)\.sock$/.test(path);
    const what = `hostPath ${path}${isEngine ? ", with which a pod can do anything on this machine" : ""}`;
    return [{ path: ["volumes", index, "hostPath", "path"], what }];
  });
}

/** Whether a hostPath is mounted for reading only, is there already, and lies in one of the folders, links resolved. */
function isReadInside(volume: Volume, spec: PodSpec, folders: readonly string[]): boolean {
  const containers = [...(spec.initContainers ?? []), ...spec.containers];
  const mounts = containers.flatMap(({ volumeMounts = [] }) =>
    volumeMounts.filter(({ name }) => name === volume.name),
  );
  const path = realPath(volume.hostPath?.path ?? "");
  if (path === undefined || mounts.some(({ readOnly }) => readOnly !== true)) return false;
  return folders.some((folder) => {
    const inside = relative(folder, path);
    return inside !== ".." && !inside.startsWith(`..${sep}`) && !isAbsolute(inside);
  });
}

function ownFolders({ paths, cwd }: HostAccessOptions): string[] {
  return paths.flatMap((path) => {
    const real = realPath(resolve(cwd, path));
    if (real === undefined) return [];
    return [statSync(real).isDirectory() ? real : dirname(real)];
  });
}

function realPath(path: string): string | undefined {
  try {
    return isAbsolute(path) ? realpathSync(path) : undefined;
  } catch {
    return undefined;
  }
}

function describe({ manifest, path, what }: HostAccess): string {
  const { file, line } = manifest.locate(path);
  return `${what} (${file}:${line})`;
}
