import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build, type BuildOptions, type BuildResult, type Metafile, type Plugin } from "esbuild";
import { directImports } from "./direct-imports.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What to make modules of, and how. */
export interface ModulesToBuild {
  /** The modules that are imported or started from outside, by the name of the file that each becomes. */
  readonly entryPoints: Readonly<Record<string, string>>;
  readonly outdir: string;
  /** Packages that stay imports. */
  readonly external?: readonly string[];
  /** The oldest Node that is to run them: `node24`. */
  readonly target: string;
  /** A program may load Node's own modules in the fastest way; a library may not, as tools that trace it watch its imports. */
  readonly isProgram: boolean;
  /** Whether dependencies that are CommonJS come into the modules, as they do into programs. */
  readonly hasCommonJs?: boolean;
}

/** Makes a few large modules (`NAME.mjs`) of many small ones, and says what they were made of. */
export async function buildModules(modules: ModulesToBuild): Promise<Metafile> {
  const { metafile } = await collectingLittle(() => build(optionsOf(modules)));
  return metafile;
}

/** The same modules of a program, in memory, and without a `require`, which modules of CommonJS have. */
export function bundleModules(modules: ModulesToBuild): Promise<BuildResult<Bundling & { write: false }>> {
  return collectingLittle(() => build({ ...optionsOf(modules), write: false, banner: {} }));
}

/**
 * The first build starts esbuild's process, which is a program in Go and ends soon: collecting its garbage took a fifth of the time.
 * Programs that are started later must not have the setting.
 */
function collectingLittle<T>(start: () => T): T {
  const { GOGC } = process.env;
  process.env["GOGC"] = GOGC ?? "800";
  try {
    return start();
  } finally {
    if (GOGC === undefined) delete process.env["GOGC"];
  }
}

type Bundling = BuildOptions & { metafile: true };

function optionsOf(modules: ModulesToBuild): Bundling {
  return {
    absWorkingDir: root,
    entryPoints: { ...modules.entryPoints },
    outdir: modules.outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    // What is imported only when it is needed stays apart.
    splitting: true,
    format: "esm",
    platform: "node",
    target: modules.target,
    external: [...(modules.external ?? [])],
    metafile: true,
    logLevel: "silent",
    plugins: modules.isProgram ? [plainBuiltins, parsedJson, directImports(root)] : [parsedJson],
    ...(modules.isProgram || modules.hasCommonJs === true ? { banner: ownRequire } : {}),
  };
}

/** Tables are read faster as JSON than as JavaScript. */
const parsedJson: Plugin = {
  name: "parsed JSON",
  setup({ onLoad }) {
    onLoad({ filter: /\.generated\.json$/ }, async (file) => {
      const text = JSON.stringify(JSON.parse(readFileSync(file.path, "utf8")));
      return { contents: `export default JSON.parse(${JSON.stringify(text)});` };
    });
  },
};

/**
 * An `import` of `node:http` reads each of its exports, and so loads fetch and WebSocket, which takes 20 ms; one of `node:util`
 * loads a terminal. Of what is imported here only what is used is read.
 */
const plainBuiltins: Plugin = {
  name: "plain builtins",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path: name, kind }) => ({
      path: name,
      namespace: kind === "import-statement" && name !== "node:crypto" ? "builtin" : "required builtin",
    }));
    onLoad({ filter: /./, namespace: "builtin" }, (module) => ({ contents: usedOf(module.path) }));
    onLoad({ filter: /./, namespace: "required builtin" }, (module) => ({
      contents: module.path === "node:crypto" ? lazyCrypto : `module.exports = ${getBuiltin(module.path)};`,
    }));
  },
};

function getBuiltin(name: string): string {
  return `process.getBuiltinModule(${JSON.stringify(name)})`;
}

function usedOf(name: string): string {
  const exported = Object.keys(process.getBuiltinModule(name) as object).filter((each) => each !== "default");
  const reads = exported.map(
    (each) => `export const ${each} = /* @__PURE__ */ ((it) => it.${each})(builtin);`,
  );
  return [`const builtin = ${getBuiltin(name)};`, "export default builtin;", ...reads].join("\n");
}

/** It takes 15 ms to load and most commands need none of it, so it is loaded when something of it is used. */
const lazyCrypto = `
let crypto;
for (const name of ${JSON.stringify(Object.keys(process.getBuiltinModule("node:crypto")))})
  Object.defineProperty(exports, name, {
    enumerable: true,
    get: () => (crypto ??= ${getBuiltin("node:crypto")})[name],
  });`;

const ownRequire = {
  js: 'const require = process.getBuiltinModule("node:module").createRequire(import.meta.url);',
};
