import { relative } from "node:path";

/** A path as it would be typed in the current folder. */
export function shortName(path: string, cwd: string): string {
  const short = relative(cwd, path);
  if (short === "") return ".";
  return short.startsWith("..") ? path : short;
}
