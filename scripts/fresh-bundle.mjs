// Finds the bundle of a program that was made of the very sources that are there. It is plain JavaScript, and loads little,
// because programs ask it before anything else.
const { existsSync, readFileSync, statSync } = process.getBuiltinModule("node:fs");
const { fileURLToPath, pathToFileURL } = process.getBuiltinModule("node:url");

const root = fileURLToPath(new URL("..", import.meta.url));

/** Where the bundles of a program are. */
export function bundlesOf(program) {
  return `${root}node_modules/.cache/seaworthy-bundles/${program}`;
}

/** The URL of a program's main module in its latest bundle; undefined where a source has changed since, or none was made. */
export function freshBundle(program) {
  const { folder, stamps } = readLatest(bundlesOf(program)) ?? {};
  const main = `${bundlesOf(program)}/${folder}/main.mjs`;
  const isFresh =
    folder !== undefined &&
    Object.entries(stamps).every(([file, stamp]) => stamp !== "" && stampOf(file) === stamp) &&
    existsSync(main);
  return isFresh ? pathToFileURL(main).href : undefined;
}

/** Tells states of a file of the repository apart; empty when it is gone. */
export function stampOf(file) {
  const stats = statSync(root + file, { throwIfNoEntry: false });
  return stats === undefined ? "" : `${stats.mtimeMs} ${stats.size}`;
}

function readLatest(bundles) {
  try {
    return JSON.parse(readFileSync(`${bundles}/latest.json`, "utf8"));
  } catch {
    return undefined;
  }
}
