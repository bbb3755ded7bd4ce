import type { PublishedPackage } from "./published-packages.ts";

/** What is read of the package.json beside the sources. */
export interface SourceManifest {
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** The oldest Node that runs what is published. */
export const oldestNode = ">=24";

/** The package.json that npm users get. A command carries what it needs, so that npm fetches one file. */
export function publicationManifest(
  { name, bin, typesFrom = [] }: PublishedPackage,
  source: SourceManifest,
  bundled: Readonly<Record<string, string>>,
): object {
  const { version, description, license, dependencies, devDependencies = {} } = source;
  const of = { name, version, description, license, type: "module", engines: { node: oldestNode } };
  if (bin === undefined) {
    const entry = { types: "./types/index.d.ts", default: "./dist/index.mjs" };
    return {
      ...of,
      exports: { ".": entry, "./package.json": "./package.json" },
      files: ["dist", "types"],
      dependencies,
      ...(typesFrom.length === 0 ? {} : optionalPeers(typesFrom, devDependencies)),
    };
  }
  return {
    ...of,
    bin: { [name]: "./dist/command.mjs" },
    // Nothing is to be imported from a command.
    exports: { "./package.json": "./package.json" },
    files: ["dist", "NOTICES.txt"],
    dependencies: bundled,
    bundleDependencies: Object.keys(bundled),
  };
}

/** Who has no types has no use for them. */
function optionalPeers(names: readonly string[], versions: Readonly<Record<string, string>>): object {
  return {
    peerDependencies: Object.fromEntries(names.map((name) => [name, versions[name]])),
    peerDependenciesMeta: Object.fromEntries(names.map((name) => [name, { optional: true }])),
  };
}
