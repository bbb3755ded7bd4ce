import { watch, type FSWatcher } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { readSettings, settingsFile } from "@seaworthy/app";
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
  for (const path of paths.map((each) => resolve(cwd, beforePattern(each)))) {
    const stats = await stat(path).catch(() => undefined);
    if (stats?.isDirectory() === true) await addFolders(path, found);
    else addFile(path);
  }
  const settings = await readSettings(settingsStart(paths), cwd).catch(() => undefined);
  if (settings !== undefined) addFile(join(settings.cwd, settingsFile));
  for (const [folder, names] of files) {
    const key = await keyOf(folder);
    if (key !== undefined && !found.has(key))
      found.set(`${key} ${[...names].toSorted().join(" ")}`, { folder, names });
  }
  return found;
}

/** The folder above the first step of a path that is a pattern. */
function beforePattern(path: string): string {
  const steps = path.split("/");
  const at = steps.findIndex((step) => /[*?[\]{}]/.test(step));
  return at < 0 ? path : steps.slice(0, at).join("/") || (path.startsWith("/") ? "/" : ".");
}

async function addFolders(folder: string, found: Map<string, Followed>): Promise<void> {
  const key = await keyOf(folder);
  if (key === undefined || found.has(key) || found.size >= mostFolders) return;
  found.set(key, { folder, names: undefined });
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries)
    if (entry.isDirectory() && !skipped.has(entry.name)) await addFolders(join(folder, entry.name), found);
}

async function keyOf(folder: string): Promise<string | undefined> {
  const stats = await stat(folder).catch(() => undefined);
  return stats === undefined ? undefined : `${stats.dev}:${stats.ino}:${folder}`;
}
