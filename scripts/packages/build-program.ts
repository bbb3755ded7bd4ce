import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { transform, type Metafile } from "esbuild";
import { bundleModules, buildModules, type ModulesToBuild } from "./build-modules.ts";

/** A program: the module that is started, and those that it starts as processes or threads of their own. */
export interface ProgramToBuild extends Omit<ModulesToBuild, "entryPoints" | "isProgram"> {
  readonly entryPoints: Readonly<Record<string, string>> & { readonly main: string };
}

/**
 * Makes a program, `main.mjs`, and says what it was made of. Its modules are CommonJS, since Node lets nobody keep the compiled
 * code of other ones; so `main` cannot await at its top. What is started apart (`NAME.mjs`) stays as it is.
 */
export async function buildProgram({ entryPoints, ...rest }: ProgramToBuild): Promise<Metafile> {
  const { main, ...started } = entryPoints;
  const [{ metafile, outputFiles }, others] = await Promise.all([
    bundleModules({ ...rest, entryPoints: { main }, isProgram: true }),
    buildModules({ ...rest, entryPoints: started, isProgram: true }),
  ]);
  const modules = await Promise.all(outputFiles.map(async ({ text }) => await asCommonJs(text, rest.target)));
  mkdirSync(rest.outdir, { recursive: true });
  const hash = createHash("sha256");
  for (const [index, code] of modules.entries()) {
    hash.update(code);
    writeFileSync(commonJsName(outputFiles[index]!.path), code);
  }
  const start = readFileSync(new URL("start-program.mjs", import.meta.url), "utf8");
  writeFileSync(
    path.join(rest.outdir, "main.mjs"),
    start.replace('"BUILD"', JSON.stringify(hash.digest("hex").slice(0, 16))),
  );
  return {
    inputs: { ...metafile.inputs, ...others.inputs },
    outputs: { ...metafile.outputs, ...others.outputs },
  };
}

async function asCommonJs(text: string, target: string): Promise<string> {
  const usesUrl = text.includes("import.meta.url");
  const { code } = await transform(text, {
    format: "cjs",
    platform: "node",
    target,
    supported: { "dynamic-import": false },
    define: { "import.meta.url": "moduleUrl" },
    ...(usesUrl ? { banner: 'const moduleUrl = require("node:url").pathToFileURL(__filename).href;' } : {}),
  });
  return code.replace(/require\("(\.\/[\w.-]+)\.mjs"\)/g, 'require("$1.cjs")');
}

function commonJsName(file: string): string {
  return file.replace(/\.mjs$/, ".cjs");
}
