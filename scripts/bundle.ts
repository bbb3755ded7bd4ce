// The command in a few large files: a thousand small modules take longer to find and to load than the command has to work.
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const cache = path.join(root, "node_modules/.cache/seaworthy-command");
const latest = path.join(cache, "latest.json");
/** A command that is running still loads parts of its own bundle, so some are kept. */
const keptBundles = 10;

const main = "packages/cli/src/main.ts";
const entryPoints = {
  main,
  // A process is started from its file, which stands beside the code that starts it.
  "load-process": "packages/load/src/process/load-process.mjs",
};

/** A bundle, and the states of all that it was made of. */
interface Bundle {
  readonly folder: string;
  readonly stamps: Readonly<Record<string, string>>;
}

/**
 * The URL of the command's main module: a bundle that is made again whenever a source has changed, or the source itself
 * where none can be made, for example because nothing may be written there.
 */
export async function bundledMain(): Promise<string> {
  const known = readLatest();
  if (known !== undefined && isFresh(known)) return urlOf(known.folder);
  try {
    return urlOf(await makeBundle());
  } catch {
    return pathToFileURL(path.join(root, main)).href;
  }
}

function urlOf(folder: string): string {
  return pathToFileURL(path.join(cache, folder, "main.mjs")).href;
}

function readLatest(): Bundle | undefined {
  try {
    return JSON.parse(readFileSync(latest, "utf8")) as Bundle;
  } catch {
    return undefined;
  }
}

function isFresh({ folder, stamps }: Bundle): boolean {
  for (const [file, stamp] of Object.entries(stamps))
    if (stamp === "" || stampOf(file) !== stamp) return false;
  return existsSync(path.join(cache, folder, "main.mjs"));
}

/** Tells states of a file apart; empty when it is gone. */
function stampOf(file: string): string {
  const stats = statSync(path.join(root, file), { throwIfNoEntry: false });
  return stats === undefined ? "" : `${stats.mtimeMs} ${stats.size}`;
}

async function makeBundle(): Promise<string> {
  const { build } = await import("esbuild");
  const started = Date.now();
  const folder = `${started}-${process.pid}`;
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints,
    outdir: path.join(cache, folder),
    outExtension: { ".js": ".mjs" },
    bundle: true,
    // What is imported only when it is needed stays apart.
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node24",
    metafile: true,
    logLevel: "silent",
    // For what is CommonJS in a dependency.
    banner: {
      js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);',
    },
  });
  // What is installed changes with the lock only.
  const sources = Object.keys(metafile.inputs).filter((file) => !file.startsWith("node_modules/"));
  const files = [...sources, "package-lock.json", "scripts/bundle.ts"];
  // A file that was changed meanwhile may be in the bundle as it was before.
  const isOlder = (file: string) => statSync(path.join(root, file)).mtimeMs < started;
  const stamps = Object.fromEntries(files.map((file) => [file, isOlder(file) ? stampOf(file) : ""]));
  const draft = path.join(cache, folder, "latest.json");
  writeFileSync(draft, JSON.stringify({ folder, stamps }));
  renameSync(draft, latest);
  removeOld();
  return folder;
}

function removeOld(): void {
  const folders = readdirSync(cache).filter((name) => name !== path.basename(latest));
  for (const folder of folders.sort().slice(0, -keptBundles))
    rmSync(path.join(cache, folder), { recursive: true, force: true });
}
