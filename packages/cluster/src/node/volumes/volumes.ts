import { mkdir, readlink, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { TokenRequestSpec } from "@seaworthy/client";
import type { Container, Pod, Volume } from "@seaworthy/kube";
import { cleanPath, fieldValue, resourceValue, type ReadData } from "../container/environment.ts";
import { expandVariables } from "../container/expand-variables.ts";
import { joinInside } from "./join-inside.ts";
import type { Mount } from "../runtime/pod-runtime.ts";

/** A volume cannot be set up (yet): event `FailedMount`. */
export class VolumeError extends Error {
  override readonly name = "VolumeError";
}

/** Where the content of volumes comes from. */
export interface VolumeSources {
  /** Where the folders of PersistentVolumeClaims are. */
  readonly claimsDir: string;
  readonly readData: ReadData;
  readonly requestToken: RequestToken;
}

/** Gets a token of the pod's ServiceAccount that ends with the pod. */
export type RequestToken = (
  pod: Pod,
  spec: Pick<TokenRequestSpec, "audiences" | "expirationSeconds">,
) => Promise<string>;

/** Makes a pod's volumes as folders below `podDir` and returns where each one is. */
export async function setUpVolumes(
  pod: Pod,
  podDir: string,
  sources: VolumeSources,
): Promise<Map<string, string>> {
  const paths = new Map<string, string>();
  for (const volume of pod.spec.volumes ?? []) {
    try {
      paths.set(
        volume.name,
        await setUpVolume(pod, volume, joinInside(podDir, "volumes", volume.name), sources),
      );
    } catch (error) {
      throw new VolumeError(
        `MountVolume.SetUp failed for volume "${volume.name}" : ${(error as Error).message}`,
        {
          cause: error,
        },
      );
    }
  }
  return paths;
}

/** The mounts of a container. */
export async function containerMounts(
  container: Container,
  volumes: ReadonlyMap<string, string>,
  env: Readonly<Record<string, string>>,
): Promise<Mount[]> {
  const mounts: Mount[] = [];
  for (const mount of container.volumeMounts ?? []) {
    const volume = volumes.get(mount.name);
    if (volume === undefined) throw new VolumeError(`volume "${mount.name}" is not of this pod`);
    const subPath = mount.subPathExpr === undefined ? mount.subPath : expandVariables(mount.subPathExpr, env);
    const hostPath = cleanPath(subPath ?? "") === "/" ? volume : joinInside(volume, subPath ?? "");
    // The kubelet makes a sub path that does not exist a folder.
    if (!(await exists(hostPath))) await mkdir(hostPath, { recursive: true });
    mounts.push({ hostPath, mountPath: cleanPath(mount.mountPath), readOnly: mount.readOnly === true });
  }
  return mounts;
}

async function setUpVolume(pod: Pod, volume: Volume, path: string, sources: VolumeSources): Promise<string> {
  if (volume.hostPath !== undefined) return hostPathVolume(volume.hostPath);
  if (volume.persistentVolumeClaim !== undefined) {
    const namespace = pod.metadata.namespace ?? "default";
    const claim = joinInside(sources.claimsDir, `${namespace}_${volume.persistentVolumeClaim.claimName}`);
    await mkdir(claim, { recursive: true });
    return claim;
  }
  const files = await volumeFiles(pod, volume, sources);
  await mkdir(path, { recursive: true });
  if (files !== undefined) await writeAtomically(path, files);
  return path;
}

async function hostPathVolume({ path, type = "" }: NonNullable<Volume["hostPath"]>): Promise<string> {
  if (type === "DirectoryOrCreate") await mkdir(path, { recursive: true });
  if (type === "FileOrCreate" && !(await exists(path))) await writeFile(path, "");
  if (!(await exists(path))) throw new Error(`hostPath type check failed: ${path} does not exist`);
  return path;
}

type Files = Map<string, { data: string | Buffer; mode: number }>;

/** The files of a volume that is made of API objects; undefined for one that starts empty. */
async function volumeFiles(pod: Pod, volume: Volume, sources: VolumeSources): Promise<Files | undefined> {
  const { configMap, secret, downwardAPI, projected } = volume;
  const { readData } = sources;
  if (configMap !== undefined)
    return dataFiles("configmap", configMap.name ?? "", configMap, configMap.defaultMode, readData);
  if (secret !== undefined)
    return dataFiles("secret", secret.secretName ?? "", secret, secret.defaultMode, readData);
  if (downwardAPI !== undefined) return downwardFiles(pod, downwardAPI.items ?? [], downwardAPI.defaultMode);
  if (projected !== undefined) return projectedFiles(pod, projected, sources);
  // What a network or a driver would bring is not here: an empty folder stands for it, as for emptyDir.
  return undefined;
}

async function projectedFiles(
  pod: Pod,
  { sources: parts = [], defaultMode: mode }: NonNullable<Volume["projected"]>,
  { readData, requestToken }: VolumeSources,
): Promise<Files> {
  const files: Files = new Map();
  for (const { configMap, secret, downwardAPI, serviceAccountToken } of parts) {
    const part =
      configMap !== undefined
        ? await dataFiles("configmap", configMap.name ?? "", configMap, mode, readData)
        : secret !== undefined
          ? await dataFiles("secret", secret.name ?? "", secret, mode, readData)
          : serviceAccountToken !== undefined
            ? await tokenFiles(pod, serviceAccountToken, mode, requestToken)
            : downwardFiles(pod, downwardAPI?.items ?? [], mode);
    for (const [name, file] of part) files.set(name, file);
  }
  return files;
}

async function tokenFiles(
  pod: Pod,
  { audience, expirationSeconds = 3600, path }: Wire["serviceAccountToken"],
  mode = 0o644,
  requestToken: RequestToken,
): Promise<Files> {
  const audiences = audience === undefined || audience === "" ? {} : { audiences: [audience] };
  try {
    const data = await requestToken(pod, { ...audiences, expirationSeconds });
    return new Map([[path, { data, mode }]]);
  } catch (error) {
    throw new Error(`failed to fetch token: ${(error as Error).message}`, { cause: error });
  }
}

type Wire = Required<NonNullable<NonNullable<Volume["projected"]>["sources"]>[number]>;

async function dataFiles(
  kind: "configmap" | "secret",
  name: string,
  source: {
    readonly items?: readonly { key: string; path: string; mode?: number }[];
    readonly optional?: boolean;
  },
  mode = 0o644,
  readData: ReadData,
): Promise<Files> {
  const data = await readData(kind, name);
  if (data === undefined && source.optional !== true) throw new Error(`${kind} "${name}" not found`);
  const files: Files = new Map();
  if (source.items === undefined) {
    for (const [key, value] of Object.entries(data ?? {})) files.set(key, { data: value, mode });
    return files;
  }
  for (const item of source.items) {
    const value = data?.[item.key];
    if (value !== undefined) files.set(item.path, { data: value, mode: item.mode ?? mode });
    else if (source.optional !== true) throw new Error(`references non-existent config key: ${item.key}`);
  }
  return files;
}

function downwardFiles(
  pod: Pod,
  items: NonNullable<NonNullable<Volume["downwardAPI"]>["items"]>,
  mode = 0o644,
): Files {
  const files: Files = new Map();
  for (const item of items) {
    const container = pod.spec.containers.find(({ name }) => name === item.resourceFieldRef?.containerName);
    const data =
      item.fieldRef !== undefined
        ? fieldValue(pod, item.fieldRef.fieldPath)
        : container !== undefined && item.resourceFieldRef !== undefined
          ? resourceValue(container, item.resourceFieldRef.resource, item.resourceFieldRef.divisor)
          : undefined;
    files.set(item.path, { data: data ?? "", mode: item.mode ?? mode });
  }
  return files;
}

/**
 * Writes files as pkg/volume/util/atomic_writer.go does: into a new folder, to which `..data` is then switched
 * by a rename, so that a reader sees all of the old files or all of the new ones.
 */
async function writeAtomically(path: string, files: Files): Promise<void> {
  const old = await readlink(join(path, "..data")).catch(() => undefined);
  const folder = `..${new Date().toISOString().replaceAll(/[-:]/g, "_")}.${Math.floor(performance.now() * 1000)}`;
  for (const [name, { data, mode }] of files) {
    const file = joinInside(join(path, folder), name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, data, { mode });
  }
  await mkdir(join(path, folder), { recursive: true });
  await symlink(folder, join(path, "..data_tmp"));
  await rename(join(path, "..data_tmp"), join(path, "..data"));
  for (const top of new Set([...files.keys()].map((name) => cleanPath(name).split("/")[1]!)))
    await symlink(join("..data", top), join(path, top)).catch(ignoreExisting);
  if (old !== undefined) await rm(join(path, old), { recursive: true, force: true });
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST") throw error;
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
