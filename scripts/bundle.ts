// A program in a few large files: a thousand small modules take longer to find and to load than most commands have to work.
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Metafile } from "esbuild";
import { bundlesOf, freshBundle, stampOf } from "./fresh-bundle.mjs";
import type { ProgramToBuild } from "./packages/build-program.ts";
import { publishedPackages } from "./packages/published-packages.ts";

// An import of it would load its streams, too.
const { copyFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } =
  process.getBuiltinModule("node:fs");
const root = fileURLToPath(new URL("..", import.meta.url));
const target = "node24";
/** A program that is running still loads parts of its own bundle, so some are kept. */
const keptBundles = 10;

/** What is bundled, and how: `build` makes `main.mjs` and the files beside it, and says what they were made of. */
interface Program {
  readonly name: string;
  readonly main: string;
  build(outdir: string): Promise<Metafile>;
}

/** The URL of the `seaworthy` command's main module. */
export function bundledCommand(): Promise<string> {
  return bundled("command", publishedPackages.cli.entryPoints);
}

/** The URL of the module `main` of a program whose code is kept compiled. */
export function bundled(name: string, entryPoints: ProgramToBuild["entryPoints"]): Promise<string> {
  return mainOf({
    name,
    main: entryPoints.main,
    async build(outdir) {
      const { buildProgram } = await import("./packages/build-program.ts");
      return await buildProgram({ entryPoints, outdir, target });
    },
  });
}

/**
 * The URL of the reference service's main module. Its image keeps compiled code; a pod that stands in for it can keep none,
 * because its file system is new each time, and would compile all sources at each start.
 */
export function bundledHttpserver(): Promise<string> {
  const folder = "apps/httpserver/src";
  const entryPoints = {
    main: `${folder}/main.ts`,
    "health-worker": "packages/service/src/probes/health-worker.ts",
  };
  return mainOf({
    name: "httpserver",
    main: entryPoints.main,
    async build(outdir) {
      const { buildModules } = await import("./packages/build-modules.ts");
      const metafile = await buildModules({
        entryPoints,
        outdir,
        target,
        isProgram: false,
        hasCommonJs: true,
      });
      const pages = readdirSync(`${root}${folder}/pages`).filter((name) => name.endsWith(".html"));
      for (const page of pages) copyFileSync(`${root}${folder}/pages/${page}`, path.join(outdir, page));
      const copied = pages.map((page) => [`${folder}/pages/${page}`, { bytes: 0, imports: [] }]);
      return { ...metafile, inputs: { ...metafile.inputs, ...Object.fromEntries(copied) } };
    },
  });
}

/**
 * In a bundle that is made again whenever a source has changed, or the source itself where none can be made, for example
 * because nothing may be written there.
 */
async function mainOf(program: Program): Promise<string> {
  const known = freshBundle(program.name);
  if (known !== undefined) return known;
  try {
    return pathToFileURL(path.join(await makeBundle(program), "main.mjs")).href;
  } catch {
    return pathToFileURL(path.join(root, program.main)).href;
  }
}

async function makeBundle({ name, build }: Program): Promise<string> {
  const bundles = bundlesOf(name);
  const started = Date.now();
  const folder = `${started}-${process.pid}`;
  const outdir = path.join(bundles, folder);
  const metafile = await build(outdir);
  // What is installed changes with the lock only.
  const sources = Object.keys(metafile.inputs).filter((file) => /^(apps|bench|packages)\//.test(file));
  const makers = ["build-modules.ts", "build-program.ts", "direct-imports.ts", "start-program.mjs"];
  const files = [...sources, "package-lock.json", ...makers.map((file) => `scripts/packages/${file}`)];
  // A file that was changed meanwhile may be in the bundle as it was before.
  const isOlder = (file: string) => statSync(root + file).mtimeMs < started;
  const stamps = Object.fromEntries(files.map((file) => [file, isOlder(file) ? stampOf(file) : ""]));
  const draft = path.join(outdir, "latest.json");
  writeFileSync(draft, JSON.stringify({ folder, stamps }));
  renameSync(draft, path.join(bundles, "latest.json"));
  removeOld(bundles);
  return outdir;
}

function removeOld(bundles: string): void {
  const folders = readdirSync(bundles).filter((name) => /^\d+-\d+$/.test(name));
  for (const folder of folders.sort().slice(0, -keptBundles))
    rmSync(path.join(bundles, folder), { recursive: true, force: true });
}
