import type { VolumeFolders } from "../volume-folders.ts";

/** For tests: volumes of which nothing is on the disk. */
export const noFolders: VolumeFolders = {
  make: () => Promise.resolve(),
  remove: () => Promise.resolve(),
};
