import { chmod, mkdir } from "node:fs/promises";
import type { PersistentVolume, PersistentVolumeClaim, Pod, Volume } from "@seaworthy/kube";
import type { ReadData } from "../container/environment.ts";
import { claimVolume } from "./claim-volume.ts";
import { hostPathVolume } from "./host-path-volume.ts";
import { joinInside } from "./join-inside.ts";
import { hasMemoryFolders, memoryFolder } from "./memory-folder.ts";
import { giveToGroup } from "./give-to-group.ts";
import type { RequestToken } from "./tokens.ts";
import { volumeFiles } from "./volume-files.ts";
import { VolumeError } from "./volume-error.ts";
import { writeAtomically } from "./write-atomically.ts";

/** Where the content of volumes comes from. */
export interface VolumeSources {
  readonly readData: ReadData;
  readonly requestToken: RequestToken;
  /** A claim of the pod's namespace with the volume that it names, if there are such. */
  readonly findClaim: (name: string) => Promise<FoundClaim | undefined>;
  /** Takes a volume into use for the pod; gives why that cannot be while others have it. */
  readonly attach: (claim: PersistentVolumeClaim, volume: PersistentVolume) => VolumeError | undefined;
  /** The folder of what a provisioned volume holds. */
  readonly folderOf: (handle: string) => string;
}

/** A claim, and the volume that it is bound to. */
export interface FoundClaim {
  readonly claim: PersistentVolumeClaim;
  readonly volume: PersistentVolume | undefined;
}

/** A volume of a pod on this machine. */
export interface VolumeAt {
  readonly path: string;
  readonly readOnly: boolean;
  /** Where copies for sub paths go, of a volume whose files are replaced while containers use them. */
  readonly copies?: string;
}

/** Makes a pod's volumes as folders below `podDir` and returns where each one is. Rejects with a VolumeError. */
export async function setUpVolumes(
  pod: Pod,
  podDir: string,
  sources: VolumeSources,
): Promise<Map<string, VolumeAt>> {
  const found = new Map<string, VolumeAt>();
  for (const volume of pod.spec.volumes ?? []) {
    try {
      const path = joinInside(podDir, "volumes", volume.name);
      const at = await setUpVolume(pod, volume, path, sources);
      const copies = joinInside(podDir, "volume-subpaths", volume.name);
      found.set(volume.name, isMadeOfObjects(volume) ? { ...at, copies } : at);
    } catch (error) {
      if (error instanceof VolumeError) throw error;
      const why = (error as Error).message;
      throw new VolumeError("FailedMount", `MountVolume.SetUp failed for volume "${volume.name}" : ${why}`, {
        cause: error,
      });
    }
  }
  return found;
}

/** Writes those volumes of a pod anew whose content may change while it runs: what is made of API objects and tokens. */
export async function refreshVolumes(pod: Pod, podDir: string, sources: VolumeSources): Promise<void> {
  for (const volume of pod.spec.volumes?.filter(isMadeOfObjects) ?? [])
    await setUpVolume(pod, volume, joinInside(podDir, "volumes", volume.name), sources);
}

/** Whether a volume is made of API objects and tokens. A container can only read such a volume. */
export function isMadeOfObjects({ configMap, secret, downwardAPI, projected }: Volume): boolean {
  return [configMap, secret, downwardAPI, projected].some((source) => source !== undefined);
}

async function setUpVolume(
  pod: Pod,
  volume: Volume,
  path: string,
  sources: VolumeSources,
): Promise<VolumeAt> {
  const fsGroup = pod.spec.securityContext?.fsGroup;
  if (volume.hostPath !== undefined) return { path: await hostPathVolume(volume.hostPath), readOnly: false };
  if (volume.persistentVolumeClaim !== undefined || volume.ephemeral !== undefined) {
    const at = await claimVolume(pod, volume, sources);
    await giveToGroup(at.path, fsGroup);
    return at;
  }
  if (volume.emptyDir?.medium === "Memory" && (await hasMemoryFolders())) {
    const folder = await memoryFolder(path);
    await chmod(folder, 0o777);
    await giveToGroup(folder, fsGroup);
    return { path: folder, readOnly: false };
  }
  const files = await volumeFiles(pod, volume, sources);
  await mkdir(path, { recursive: true });
  // As the kubelet makes it: whoever runs in the pod may write to an empty folder.
  await chmod(path, 0o777);
  if (files === undefined) {
    await giveToGroup(path, fsGroup);
    return { path, readOnly: false };
  }
  await writeAtomically(path, files);
  return { path, readOnly: true };
}
