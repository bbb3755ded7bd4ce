import { existsSync, globSync } from "node:fs";

/** Every TypeScript file under a folder of the repository, with forward slashes, sorted. */
export function sourceFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return globSync(`${folder.replace(/\/$/, "")}/**/*.ts`, { exclude: (name) => name === "node_modules" })
    .map((file) => file.replaceAll("\\", "/"))
    .sort();
}
