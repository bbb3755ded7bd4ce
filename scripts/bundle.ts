// A program in a few large files: a thousand small modules take longer to find and to load than most commands have to work.
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { ProgramToBuild } from "./packages/build-program.ts";
import { publishedPackages } from "./packages/published-packages.ts";

// An import of it would load its streams, too.
const { existsSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } =
  process.getBuiltinModule("node:fs");
const root = fileURLToPath(new URL("..", import.meta.url));
/** A command that is running still loads parts of its own bundle, so some are kept. */
const keptBundles = 10;

/** A bundle, and the states of all that it was made of. */
interface Bundle {
  readonly folder: string;
  readonly stamps: Readonly<Record<string, string>>;
}

/** The URL of the `seaworthy` command's main module. */
export function bundledCommand(): Promise<string> {
  return bundled("command", publishedPackages.cli.entryPoints);
}

/**
 * The URL of the module `main` of a program: in a bundle that is made again whenever a source has changed, or the source
 * itself where none can be made, for example because nothing may be written there.
 */
export async function bundled(program: string, entryPoints: ProgramToBuild["entryPoints"]): Promise<string> {
  const cache = path.join(root, "node_modules/.cache/seaworthy-bundles", program);
  const mainIn = (folder: string) => path.join(cache, folder, "main.mjs");
  const known = readLatest(cache);
  if (known !== undefined && isFresh(known) && existsSync(mainIn(known.folder)))
    return pathToFileURL(mainIn(known.folder)).href;
  try {
    return pathToFileURL(mainIn(await makeBundle(cache, entryPoints))).href;
  } catch {
    return pathToFileURL(path.join(root, entryPoints.main)).href;
  }
}

function latestIn(cache: string): string {
  return path.join(cache, "latest.json");
}

function readLatest(cache: string): Bundle | undefined {
  try {
    return JSON.parse(readFileSync(latestIn(cache), "utf8")) as Bundle;
  } catch {
    return undefined;
  }
}

function isFresh({ stamps }: Bundle): boolean {
  return Object.entries(stamps).every(([file, stamp]) => stamp !== "" && stampOf(file) === stamp);
}

/** Tells states of a file apart; empty when it is gone. */
function stampOf(file: string): string {
  const stats = statSync(root + file, { throwIfNoEntry: false });
  return stats === undefined ? "" : `${stats.mtimeMs} ${stats.size}`;
}

async function makeBundle(cache: string, entryPoints: ProgramToBuild["entryPoints"]): Promise<string> {
  const { buildProgram } = await import("./packages/build-program.ts");
  const started = Date.now();
  const folder = `${started}-${process.pid}`;
  const metafile = await buildProgram({ entryPoints, outdir: path.join(cache, folder), target: "node24" });
  // What is installed changes with the lock only.
  const sources = Object.keys(metafile.inputs).filter((file) => /^(apps|bench|packages)\//.test(file));
  const makers = ["build-modules.ts", "build-program.ts", "direct-imports.ts", "start-program.mjs"];
  const files = [...sources, "package-lock.json", ...makers.map((name) => `scripts/packages/${name}`)];
  // A file that was changed meanwhile may be in the bundle as it was before.
  const isOlder = (file: string) => statSync(root + file).mtimeMs < started;
  const stamps = Object.fromEntries(files.map((file) => [file, isOlder(file) ? stampOf(file) : ""]));
  const draft = path.join(cache, folder, "latest.json");
  writeFileSync(draft, JSON.stringify({ folder, stamps } satisfies Bundle));
  renameSync(draft, latestIn(cache));
  removeOld(cache);
  return folder;
}

function removeOld(cache: string): void {
  const folders = readdirSync(cache).filter((name) => /^\d+-\d+$/.test(name));
  for (const folder of folders.sort().slice(0, -keptBundles))
    rmSync(path.join(cache, folder), { recursive: true, force: true });
}
