import { mkdir } from "node:fs/promises";
import type { PersistentVolume, Pod, Volume } from "@seaworthy/kube";
import { hostPathVolume } from "./host-path-volume.ts";
import { isPresent } from "./is-present.ts";
import type { VolumeAt, VolumeSources } from "./set-up-volumes.ts";
import { VolumeError } from "./volume-error.ts";

/**
 * The folder of a volume that a pod has by a claim.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/kubelet/volumemanager/populator/desired_state_of_world_populator.go
 * (getPVCExtractPV)
 */
export async function claimVolume(
  { metadata: { name: podName, namespace = "default" } }: Pod,
  volume: Volume,
  { findClaim, attach, folderOf }: VolumeSources,
): Promise<VolumeAt> {
  const { claimName = `${podName}-${volume.name}`, readOnly = false } = volume.persistentVolumeClaim ?? {};
  const fail = (why: string) =>
    new VolumeError(
      "FailedMount",
      `Unable to attach or mount volumes: unmounted volumes=[${volume.name}], unattached volumes=[], ` +
        `failed to process volumes=[${volume.name}]: error processing PVC ${namespace}/${claimName}: ${why}`,
    );
  const found = await findClaim(claimName);
  if (found === undefined)
    throw fail(`failed to fetch PVC from API server: persistentvolumeclaims "${claimName}" not found`);
  const { claim, volume: persistent } = found;
  if (claim.metadata.deletionTimestamp !== undefined) throw fail("PVC is being deleted");
  if (claim.status?.phase !== "Bound" || persistent === undefined) throw fail("PVC is not bound");
  const problem = attach(claim, persistent);
  if (problem !== undefined) throw problem;
  const isReadOnly = persistent.spec.accessModes?.every((mode) => mode === "ReadOnlyMany") === true;
  return { path: await pathOf(persistent, folderOf), readOnly: readOnly || isReadOnly };
}

/** What only a network or a driver could bring is not here: a folder stands for it. */
async function pathOf(
  { metadata: { name }, spec: { hostPath, local, csi } }: PersistentVolume,
  folderOf: VolumeSources["folderOf"],
): Promise<string> {
  if (hostPath !== undefined) return hostPathVolume(hostPath);
  if (local !== undefined) {
    if (!(await isPresent(local.path)))
      throw new VolumeError(
        "FailedMount",
        `MountVolume.NewMounter initialization failed for volume "${name}" : path "${local.path}" does not exist`,
      );
    return local.path;
  }
  const folder = folderOf(csi?.volumeHandle === name ? csi.volumeHandle : name);
  await mkdir(folder, { recursive: true });
  return folder;
}
