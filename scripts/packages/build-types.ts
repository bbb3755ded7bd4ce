import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Writes the declarations that users of these packages need: what can be reached from `src/index.ts`, to the folder of each. */
export function buildTypes(packages: readonly { readonly folder: string; readonly outdir: string }[]): void {
  const temporary = mkdtempSync(path.join(tmpdir(), "seaworthy-types-"));
  try {
    // All at once: most of the work is to read the sources, and packages import each other.
    const settings = {
      extends: path.join(root, "tsconfig.json"),
      compilerOptions: {
        noEmit: false,
        emitDeclarationOnly: true,
        declaration: true,
        outDir: temporary,
        rootDir: path.join(root, "packages"),
        typeRoots: [path.join(root, "node_modules/@types")],
      },
      include: [],
      files: packages.map(({ folder }) => path.join(root, "packages", folder, "src/index.ts")),
    };
    const project = path.join(temporary, "tsconfig.json");
    writeFileSync(project, JSON.stringify(settings));
    const tsc = path.join(root, "node_modules/typescript/bin/tsc");
    const { status, stdout } = spawnSync(process.execPath, [tsc, "-p", project], { encoding: "utf8" });
    if (status !== 0) throw new Error(`tsc made no declarations:\n${stdout}`);
    for (const { folder, outdir } of packages)
      copyReachable(path.join(temporary, folder, "src"), "index.d.ts", outdir, new Set());
  } finally {
    rmSync(temporary, { recursive: true });
  }
}

/** Relative imports, also those within types: `from "./cluster.ts"`, `import("./cluster.ts")`. */
const relativeImport = /(\bfrom |\bimport\(|\bimport )"(\.{1,2}\/[^"]+)\.ts"/g;

function copyReachable(from: string, file: string, to: string, seen: Set<string>): void {
  if (seen.has(file)) return;
  seen.add(file);
  const text = readFileSync(path.join(from, file), "utf8");
  for (const [, , specifier = ""] of text.matchAll(relativeImport))
    copyReachable(from, path.join(path.dirname(file), `${specifier}.d.ts`), to, seen);
  const target = path.join(to, file);
  mkdirSync(path.dirname(target), { recursive: true });
  // No `.ts` stands beside the declarations.
  writeFileSync(target, text.replaceAll(relativeImport, '$1"$2.js"'));
}
