import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Writes objects into a file for kubectl, and gives its path. The system's temporary folder keeps it. */
export async function writeManifest(...objects: readonly unknown[]): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), "seaworthy-fidelity-")), "manifest.json");
  await writeFile(path, JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }));
  return path;
}
