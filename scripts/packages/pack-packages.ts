import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { buildPackage } from "./build-package.ts";
import { buildTypes } from "./build-types.ts";
import { publishedPackages } from "./published-packages.ts";

/** A tarball as npm would publish it. */
export interface Tarball {
  readonly name: string;
  readonly version: string;
  readonly path: string;
  readonly bytes: number;
  readonly files: number;
}

/** Builds every published package below a folder, and packs each into a tarball there. */
export async function packPackages(outdir: string): Promise<readonly Tarball[]> {
  const folders = Object.keys(publishedPackages) as (keyof typeof publishedPackages)[];
  const folderOf = (folder: string) => path.join(outdir, folder);
  for (const folder of folders) await buildPackage(folder, folderOf(folder));
  const libraries = folders.filter((folder) => !("bin" in publishedPackages[folder]));
  buildTypes(libraries.map((folder) => ({ folder, outdir: path.join(folderOf(folder), "types") })));
  return packAll(folders.map(folderOf), outdir);
}

function packAll(folders: readonly string[], outdir: string): readonly Tarball[] {
  mkdirSync(outdir, { recursive: true });
  const args = ["pack", ...folders, "--json", "--ignore-scripts", "--pack-destination", outdir];
  const text = execFileSync("npm", args, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024, cwd: outdir });
  const packed = JSON.parse(text) as Packed[] | Record<string, Packed>;
  return (Array.isArray(packed) ? packed : Object.values(packed)).map((each) => ({
    name: each.name,
    version: each.version,
    path: path.join(outdir, each.filename),
    bytes: each.size,
    files: each.entryCount,
  }));
}

/** https://docs.npmjs.com/cli/v11/commands/npm-pack: a list, or with npm 11.19 and newer a map by name. */
interface Packed {
  readonly name: string;
  readonly version: string;
  readonly filename: string;
  readonly size: number;
  readonly entryCount: number;
}
