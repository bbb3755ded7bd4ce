import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { joinInside } from "./node/volumes/join-inside.ts";

/** Where what provisioned volumes hold lies: a folder each, by the volume's handle. */
export interface VolumeFolders {
  make(handle: string): Promise<void>;
  remove(handle: string): Promise<void>;
}

/** The folders of volumes in a cluster's data folder, so that they are kept with it. */
export function volumeFolders(dataDir: string): VolumeFolders {
  return {
    async make(handle) {
      await mkdir(volumeFolder(dataDir, handle), { recursive: true });
    },
    remove: (handle) => rm(volumeFolder(dataDir, handle), { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** The folder of one volume. */
export function volumeFolder(dataDir: string, handle: string): string {
  return joinInside(join(dataDir, "volumes"), handle);
}
