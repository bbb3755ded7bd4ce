import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

/** How many bytes of the disk a folder takes. What goes away meanwhile counts nothing. */
export async function folderUsage(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  let bytes = 0;
  for (const entry of entries)
    bytes += await lstat(join(entry.parentPath, entry.name)).then(
      ({ blocks }) => blocks * 512,
      () => 0,
    );
  return bytes;
}
