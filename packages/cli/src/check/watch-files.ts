import { watch, type FSWatcher, type Stats } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { kustomizationNames, readSettings, settingsFile } from "@seaworthy/app";
import { settingsStart } from "../manifests/manifest-options.ts";

/** Hears of changes to files. */
export interface FileWatch extends Disposable {
  /** Follows what lies behind some paths from now on, as it is now: new folders as well, and none that is gone. */
  cover(paths: readonly string[]): Promise<void>;
  /** Resolves when something has changed since it was asked last, or the signal aborts. */
  changed(signal: AbortSignal): Promise<void>;
}

/**
 * Follows files by their folders, because editors put new files in the place of old ones. Each folder is followed alone:
 * so folders of packages are left out, of which there may be more than the system can follow.
 */
export function watchFiles(cwd: string): FileWatch {
  const watchers = new Map<string, FSWatcher>();
  let hasChanged = false;
  let wake: (() => void) | undefined;
  const onChange = () => {
    hasChanged = true;
    wake?.();
  };
  const follow = (key: string, folder: string, names: ReadonlySet<string> | undefined) => {
    const watcher = watch(folder, (_, name) => {
      if (name === null || isMeant(name, names)) onChange();
    });
    watcher.on("error", () => {
      watcher.close();
      watchers.delete(key);
      onChange();
    });
    watchers.set(key, watcher);
  };
  return {
    async cover(paths) {
      const folders = await foldersOf(paths, cwd);
      for (const [key, watcher] of watchers)
        if (!folders.has(key)) {
          watcher.close();
          watchers.delete(key);
        }
      for (const [key, { folder, names }] of folders) if (!watchers.has(key)) follow(key, folder, names);
    },
    async changed(signal) {
      const { promise, resolve: settle } = Promise.withResolvers<void>();
      wake = settle;
      signal.addEventListener("abort", () => settle(), { once: true });
      if (!hasChanged && !signal.aborted) await promise;
      wake = undefined;
      hasChanged = false;
    },
    [Symbol.dispose]() {
      for (const watcher of watchers.values()) watcher.close();
      watchers.clear();
    },
  };
}

/** Editors and this command write beside a file before they put it into its place. */
function isMeant(name: string, names: ReadonlySet<string> | undefined): boolean {
  return names === undefined ? !/^\.|~$|\.(?:tmp|sw[a-z])$/.test(name) : names.has(name);
}

/** A folder to follow, and which names in it; all when absent. */
interface Followed {
  readonly folder: string;
  readonly names: ReadonlySet<string> | undefined;
}

const mostFolders = 5_000;
const skipped = new Set(["node_modules", ".git", ".seaworthy"]);

/** The folders behind paths. Keys tell a folder from another one that has taken its place. */
async function foldersOf(paths: readonly string[], cwd: string): Promise<Map<string, Followed>> {
  const found = new Map<string, Followed>();
  const files = new Map<string, Set<string>>();
  const addFile = (file: string) => {
    files.set(dirname(file), (files.get(dirname(file)) ?? new Set()).add(basename(file)));
  };
  const add = async (path: string): Promise<void> => {
    const stats = await stat(path).catch(() => undefined);
    if (stats?.isDirectory() !== true) return addFile(path);
    const key = keyOf(stats, path);
    if (found.has(key) || found.size >= mostFolders) return;
    found.set(key, { folder: path, names: undefined });
    const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
    const inside = entries
      .filter((entry) => entry.isDirectory() && !skipped.has(entry.name))
      .map(({ name }) => join(path, name));
    for (const each of [...inside, ...(await pathsOutside(path))]) await add(each);
  };
  for (const path of paths) await add(wholeOf(resolve(cwd, beforePattern(path))));
  const settings = await readSettings(settingsStart(paths), cwd).catch(() => undefined);
  if (settings !== undefined) addFile(join(settings.cwd, settingsFile));
  if (settings?.check.baseline !== undefined) addFile(resolve(settings.cwd, settings.check.baseline));
  for (const [folder, names] of files) {
    const stats = await stat(folder).catch(() => undefined);
    const key = stats && keyOf(stats, folder);
    if (key !== undefined && !found.has(key))
      found.set(`${key} ${[...names].toSorted().join(" ")}`, { folder, names });
  }
  return found;
}

/** An overlay or a chart is all of its folder, also where a file of it was named. */
function wholeOf(path: string): string {
  return [...kustomizationNames, "Chart.yaml"].includes(basename(path)) ? dirname(path) : path;
}

/** What a kustomization in a folder is made of that lies outside: `../../base`, `../patch.yaml`. */
async function pathsOutside(folder: string): Promise<string[]> {
  const read = async (name: string) => await readFile(join(folder, name), "utf8").catch(() => "");
  const texts = await Promise.all(kustomizationNames.map(read));
  return texts.flatMap((text) =>
    [...text.matchAll(/(?<![\w.])\.\.(?:\/[^\s"',\]}]*)?(?![\w.])/g)].map(([path]) => resolve(folder, path)),
  );
}

/** The folder above the first step of a path that is a pattern. */
function beforePattern(path: string): string {
  const steps = path.split("/");
  const at = steps.findIndex((step) => /[*?[\]{}]/.test(step));
  return at < 0 ? path : steps.slice(0, at).join("/") || (path.startsWith("/") ? "/" : ".");
}

function keyOf({ dev, ino }: Stats, folder: string): string {
  return `${dev}:${ino}:${folder}`;
}
