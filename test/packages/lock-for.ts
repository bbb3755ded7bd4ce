/** An entry of `packages` in package-lock.json. */
interface Entry {
  readonly link?: boolean;
  readonly resolved?: string;
  readonly dev?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** `packages` of package-lock.json, by location. */
export type LockedPackages = Readonly<Record<string, Entry>>;

/**
 * The lock of a folder that is to get some packages of a workspace as tarballs: with what they need from elsewhere, as the
 * workspace has it. So npm asks no registry which versions there are, and finds each in its cache.
 */
export function lockFor(folders: readonly string[], locked: LockedPackages): object {
  const packages: Record<string, object> = {};
  const visited = new Set<string>();
  const visit = (location: string): void => {
    if (visited.has(location)) return;
    visited.add(location);
    const { dev: _, ...entry } = locked[location] ?? {};
    if (location.includes("node_modules/")) packages[asInstalled(location)] = entry;
    for (const name of Object.keys(entry.dependencies ?? {})) visit(locationOf(name, location, locked));
  };
  for (const folder of folders) visit(folder);
  return { lockfileVersion: 3, packages };
}

/** Where a package finds another: https://nodejs.org/api/modules.html#loading-from-node_modules-folders */
function locationOf(name: string, from: string, locked: LockedPackages): string {
  const above = from.includes("/node_modules/") ? from.slice(0, from.lastIndexOf("/node_modules/")) : "";
  const location = `${from === "" ? "" : `${from}/`}node_modules/${name}`;
  const entry = locked[location];
  if (entry !== undefined) return entry.link === true ? (entry.resolved ?? location) : location;
  if (from === "") throw new Error(`the lock does not have ${name}`);
  return locationOf(name, above, locked);
}

function asInstalled(location: string): string {
  return location.replace(/^packages\/([a-z]+)\/node_modules/, "node_modules/@seaworthy/$1/node_modules");
}
