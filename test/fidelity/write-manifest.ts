import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Writes objects into a file for kubectl, and gives its path. The system's temporary folder keeps it. */
export async function writeManifest(...objects: readonly unknown[]): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), "seaworthy-fidelity-")), "manifest.yaml");
  await writeFile(path, objects.map((object) => `---\n${JSON.stringify(object)}\n`).join(""));
  return path;
}
