import { watch, type FSWatcher } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import type { Log } from "../log/log.ts";
import { listVolume } from "./list-volume.ts";
import { oneAtATime } from "./one-at-a-time.ts";
import { defaultMaxFiles } from "./read-generation.ts";

/** How a directory is watched. Times are in milliseconds. */
export interface WatchOptions {
  /** The stamp of the last reading: a change since then is reported, too. Without a stamp the first look reports. */
  readonly stamp?: string;
  /** The time from the first event to the look: a swap of a volume makes five events. Default 50. */
  readonly debounceMs?: number;
  /** The time between looks without any event, because events get lost and inotify has limits. Default 15,000. */
  readonly pollMs?: number;
  /** The time between looks while the directory is missing. Default 1,000. */
  readonly missingPollMs?: number;
  readonly maxFiles?: number;
  readonly log?: Log;
}

/** How often the folder may be replaced during one look; the next look handles further changes. */
const mostChanges = 3;

/**
 * Calls `onChange` when the content of a directory, or of a single file, may have changed: once for each state that it
 * finds. When `onChange` rejects, it is called again after the next poll. The directory may be missing for a while.
 *
 * It watches the directory, because a watch on the file or on `..data` follows the inode and is silent after the first
 * swap. It takes every kind of event, because some systems report a swap as created, others as written. Holds no process.
 */
export function watchDirectory(
  path: string,
  onChange: () => void | Promise<void>,
  options: WatchOptions = {},
): Disposable {
  const { debounceMs = 50, pollMs = 15_000, missingPollMs = Math.min(pollMs, 1_000) } = options;
  let seen = options.stamp;
  let watched: { readonly watcher: FSWatcher; readonly folder: string } | undefined;
  let debounce: NodeJS.Timeout | undefined;
  let poll: NodeJS.Timeout | undefined;
  let disposed = false;
  let warned = false;

  const look = oneAtATime(async () => {
    const isThere = await watchRightFolder();
    if (disposed) return;
    clearTimeout(poll);
    poll = setTimeout(() => void look(), isThere ? pollMs : missingPollMs).unref();
    try {
      const stamp = stampOf(path, options.maxFiles);
      if (stamp === seen) return;
      await onChange();
      seen = stamp;
    } catch {
      // `onChange` itself reports why a change cannot be used. Here the change only stays unseen, for the next poll.
    }
  });

  /** Tries until the current folder is the watched one: it may have come, or been replaced, just before the watch began. */
  async function watchRightFolder(): Promise<boolean> {
    let folder = await identify(path);
    for (let change = 1; change <= mostChanges && !disposed && folder?.id !== watched?.folder; change += 1) {
      unwatch();
      if (folder !== undefined) watchFolder(folder);
      folder = await identify(path);
    }
    return folder !== undefined;
  }

  function watchFolder({ path: folder, id }: Folder): void {
    try {
      const watcher = watch(folder, { persistent: false }, (_, name) => {
        // A folder's own end is its last event. A new one of the same name may be there at once, with the same inode.
        if (name === basename(folder)) unwatch();
        debounce ??= setTimeout(() => {
          debounce = undefined;
          void look();
        }, debounceMs).unref();
      });
      watcher.on("error", unwatch);
      watched = { watcher, folder: id };
    } catch (error) {
      if (warned) return;
      warned = true;
      options.log?.warn(
        { path: folder, error: String(error), pollMs },
        "a directory cannot be watched and is only polled",
      );
    }
  }

  function unwatch(): void {
    watched?.watcher.close();
    watched = undefined;
  }

  void look();
  return {
    [Symbol.dispose]() {
      disposed = true;
      unwatch();
      clearTimeout(debounce);
      clearTimeout(poll);
    },
  };
}

interface Folder {
  readonly path: string;
  readonly id: string;
}

/** The folder to watch: the path itself, or the one that a file is in or will be in. Undefined while there is none. */
async function identify(path: string): Promise<Folder | undefined> {
  const isFolder = await stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );
  const folder = isFolder ? path : dirname(path);
  return await stat(folder).then(
    ({ dev, ino, birthtimeMs }) => ({ path: folder, id: `${dev} ${ino} ${birthtimeMs}` }),
    () => undefined,
  );
}

/** Synchronous, like the reading. A file system that hangs does no harm here, because `identify` has waited for it. */
function stampOf(path: string, maxFiles = defaultMaxFiles): string {
  try {
    return listVolume(path, maxFiles).stamp;
  } catch (error) {
    return String(error);
  }
}
