import type { Pod, Volume } from "@seaworthy/kube";
import { fieldValue, resourceValue, type ReadData } from "../container/environment.ts";
import { effectiveContext } from "../security/effective-context.ts";
import type { VolumeSources } from "./set-up-volumes.ts";
import type { RequestToken } from "./tokens.ts";

/** What a volume that is made of API objects holds, by path. */
export type Files = Map<string, VolumeFile>;

/** A file of such a volume, and whose it is where it is not the runtime's. */
export interface VolumeFile {
  readonly data: string | Buffer;
  readonly mode: number;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
}

/**
 * The files of a volume that is made of API objects; undefined for one that starts empty. All of them are for `fsGroup` to read.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/volume/volume_linux.go (SetVolumeOwnership)
 */
export async function volumeFiles(
  pod: Pod,
  volume: Volume,
  sources: Pick<VolumeSources, "readData" | "requestToken">,
): Promise<Files | undefined> {
  const files = await filesOf(pod, volume, sources);
  const gid = pod.spec.securityContext?.fsGroup;
  if (files === undefined || gid === undefined) return files;
  return new Map([...files].map(([name, file]) => [name, { ...file, gid, mode: file.mode | 0o440 }]));
}

async function filesOf(
  pod: Pod,
  volume: Volume,
  sources: Pick<VolumeSources, "readData" | "requestToken">,
): Promise<Files | undefined> {
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
  { readData, requestToken }: Pick<VolumeSources, "readData" | "requestToken">,
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
    const uid = onlyUser(pod);
    const isOwned = uid !== undefined || pod.spec.securityContext?.fsGroup !== undefined;
    return new Map([[path, { data, mode: isOwned ? 0o600 : mode, uid }]]);
  } catch (error) {
    throw new Error(`failed to fetch token: ${(error as Error).message}`, { cause: error });
  }
}

/** The user as whom all containers of a pod run (pkg/volume/util/util.go, FsUserFrom). */
function onlyUser(pod: Pod): number | undefined {
  const { containers, initContainers = [] } = pod.spec;
  const users = new Set(
    [...initContainers, ...containers].map((each) => effectiveContext(pod, each).runAsUser),
  );
  return users.size === 1 ? [...users][0] : undefined;
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
    else if (source.optional !== true)
      throw new Error(`references non-existent ${kind === "secret" ? "secret" : "config"} key: ${item.key}`);
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
    const container = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].find(
      ({ name }) => name === item.resourceFieldRef?.containerName,
    );
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
