import { readFileSync } from "node:fs";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import type { Tarball } from "./pack-packages.ts";

/**
 * Resolutions that these packages do not serve: TypeScript's old one, which knows no `exports`, and `require` before Node could
 * require ECMAScript modules.
 */
const leftOut: ReadonlySet<string> = new Set(["node10", "node16-cjs"]);

/** What publint and attw say against tarballs: exports that lead nowhere, types that tell of other modules than are there. */
export async function exportProblems(tarballs: readonly Tarball[]): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const { name, path } of tarballs) {
    const data = new Uint8Array(readFileSync(path));
    const { messages } = await publint({ pack: { tarball: data.buffer }, strict: true });
    problems.push(...messages.map(({ code, path: at }) => `${name}: publint: ${code} at ${at.join(".")}`));
    const analysis = await checkPackage(createPackageFromTarballData(data));
    if (analysis.types === false) continue;
    for (const problem of analysis.problems) {
      if ("resolutionKind" in problem && leftOut.has(problem.resolutionKind)) continue;
      problems.push(`${name}: attw: ${JSON.stringify(problem)}`);
    }
  }
  return problems;
}
