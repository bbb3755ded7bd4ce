import { readFileSync } from "node:fs";

/** What a file imports or re-exports, as it is written there, with the line. */
export function importsOf(file: string): [specifier: string, line: number][] {
  const found: [string, number][] = [];
  const text = readFileSync(file, "utf8");
  for (const match of text.matchAll(
    /(?:^|\n)\s*(?:import|export)\b[^;"']*?\bfrom\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)/g,
  )) {
    const line = text.slice(0, match.index).split("\n").length;
    found.push([match[1] ?? match[2] ?? "", line]);
  }
  return found;
}
