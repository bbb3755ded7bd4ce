import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { buildModules } from "./build-modules.ts";
import { buildProgram } from "./build-program.ts";
import { publicationManifest, type SourceManifest } from "./publication-manifest.ts";
import { publishedPackages, type PublishedPackage } from "./published-packages.ts";
import { thirdPartyNotices } from "./third-party-notices.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** What the command requires when it first needs it, which esbuild leaves alone: it goes into the tarball as it is. */
const requiredLater = ["@marcbachmann/cel-js"];

/** Makes the folder that becomes a tarball, anew, without the types. */
export async function buildPackage(folder: keyof typeof publishedPackages, outdir: string): Promise<void> {
  const published: PublishedPackage = publishedPackages[folder];
  const source = path.join(root, "packages", folder);
  const manifest = readJson<SourceManifest>(path.join(source, "package.json"));
  rmSync(outdir, { recursive: true, force: true });
  mkdirSync(outdir, { recursive: true });
  const { bin, entryPoints } = published;
  const built = { outdir: path.join(outdir, "dist"), target: "node24" };
  if (bin === undefined) {
    const external = Object.keys(manifest.dependencies ?? {});
    await buildModules({ ...built, entryPoints, external, isProgram: false });
  } else {
    const metafile = await buildProgram({ ...built, entryPoints, external: requiredLater });
    const command = path.join(outdir, "dist/command.mjs");
    cpSync(path.join(root, bin), command);
    chmodSync(command, 0o755);
    writeFileSync(path.join(outdir, "NOTICES.txt"), thirdPartyNotices(metafile, root));
  }
  const bundled = bin !== undefined ? copyRequiredLater(outdir) : {};
  writeJson(path.join(outdir, "package.json"), publicationManifest(published, manifest, bundled));
  cpSync(path.join(source, "README.md"), path.join(outdir, "README.md"));
  cpSync(path.join(root, "LICENSE"), path.join(outdir, "LICENSE"));
}

/** The packages that are put beside the modules, with their versions. */
function copyRequiredLater(outdir: string): Readonly<Record<string, string>> {
  const versions: Record<string, string> = {};
  for (const name of requiredLater) {
    const from = path.join(root, "node_modules", name);
    const { version, dependencies = {} } = readJson<SourceManifest>(path.join(from, "package.json"));
    const further = Object.keys(dependencies);
    if (further.length > 0) throw new Error(`${name} needs ${further.join(", ")}, which is not bundled`);
    cpSync(from, path.join(outdir, "node_modules", name), { recursive: true });
    versions[name] = version;
  }
  return versions;
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, "utf8")) as T;
}

function writeJson(file: string, value: object): void {
  writeFileSync(file, `${JSON.stringify(value, undefined, 2)}\n`);
}
