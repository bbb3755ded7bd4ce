import { existsSync } from "node:fs";
import { glob } from "node:fs/promises";
import { resolve } from "node:path";
import { SeaworthyError } from "@seaworthy/errors";

/** Paths with `*`, `?` or `[…]` become the paths that they match, in the order of names; a shell may have left them. */
export async function expandGlobs(paths: readonly string[], cwd: string): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    if (!/[*?[\]{}]/.test(path) || existsSync(resolve(cwd, path))) {
      found.push(path);
      continue;
    }
    const matched = await Array.fromAsync(glob(path, { cwd, exclude: (name) => name === "node_modules" }));
    if (matched.length === 0)
      throw new SeaworthyError("SW1003", `${path} matches no file`, {
        next: ["check the pattern: ** stands for folders, * for names"],
      });
    found.push(...matched.toSorted());
  }
  return found;
}
