import { isAbsolute, join, relative, sep } from "node:path";

/**
 * The path of something inside a folder, by names out of manifests: of volumes, claims, containers, keys, sub paths.
 * The API refuses names that lead elsewhere, and this is the second lock: it throws when the path would be the folder
 * itself or lie outside of it.
 */
export function joinInside(folder: string, ...names: readonly string[]): string {
  const path = join(folder, ...names);
  const inside = relative(folder, path);
  if (inside === "" || inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside))
    throw new Error(`${JSON.stringify(names.join("/"))} leads out of its folder`);
  return path;
}
