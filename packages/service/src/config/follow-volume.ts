import { SeaworthyError } from "@seaworthy/errors";
import { within } from "../lifecycle/within.ts";
import type { Log } from "../log/log.ts";
import { findFrozenMounts } from "./frozen-mounts.ts";
import { oneAtATime } from "./one-at-a-time.ts";
import { readGeneration, type Generation, type ReadLimits } from "./read-generation.ts";
import { watchDirectory, type WatchOptions } from "./watch-directory.ts";

/** How a volume is followed. */
export interface FollowOptions extends Omit<WatchOptions, "stamp">, ReadLimits {
  readonly log: Log;
  /** The longest that a generation may take to load, in milliseconds. Default 30,000. */
  readonly loadTimeoutMs?: number;
}

/** The functions that are called with the generations of a volume. */
export interface VolumeFollower<T> {
  /** Makes a value of a generation. Throws a `SeaworthyError` when it is not valid. */
  load(generation: Generation): T | Promise<T>;
  /** Takes a value into use: the first one, and each later one whose content differs. Must not throw. */
  use(value: T, generation: Generation): void;
  /** Called once for each failure after the first load; the value in use stays. No generation: the volume cannot be read. */
  failed(error: SeaworthyError, generation: Generation | undefined): void;
  /** Called when, after a failure, the volume again has the generation that is in use. */
  recovered(): void;
}

/** A volume that is being followed until it is disposed of. */
export interface FollowedVolume extends Disposable {
  /** Looks at the volume now. Rejects with the error when it cannot be used. */
  reload(): Promise<void>;
}

/**
 * Loads the generation that a volume has, rejecting when that fails, and from then on each later one. One is loaded at a
 * time, and at most one more look is waiting: generations in between are left out. A generation that failed is tried
 * again at each poll, since its missing part may have come.
 */
export async function followVolume<T>(
  path: string,
  follower: VolumeFollower<T>,
  options: FollowOptions,
): Promise<FollowedVolume> {
  const { log, loadTimeoutMs = 30_000 } = options;
  const first = await readGeneration(path, options);
  follower.use(await loadInTime(first), first);
  let used = first.id;
  let reported: string | undefined;
  let disposed = false;

  async function loadInTime(generation: Generation): Promise<T> {
    const loading = Promise.resolve(follower.load(generation));
    if (await within(loadTimeoutMs, loading)) return await loading;
    throw new SeaworthyError("SW8003", `${path} was not loaded within ${loadTimeoutMs} ms`, { field: path });
  }

  const reload = oneAtATime(async () => {
    let generation: Generation | undefined;
    try {
      generation = await readGeneration(path, options);
      if (generation.id !== used) {
        const value = await loadInTime(generation);
        if (disposed) return;
        follower.use(value, generation);
        used = generation.id;
      } else if (reported !== undefined) {
        follower.recovered();
      }
      reported = undefined;
    } catch (error) {
      const failure = `${generation?.id} ${String(error)}`;
      if (failure !== reported && !disposed) follower.failed(error as SeaworthyError, generation);
      reported = failure;
      throw error;
    }
  });

  const frozen = await findFrozenMounts(path);
  if (frozen.length > 0) {
    log.warn({ paths: frozen }, "mounted with subPath or as a single file: changes will never arrive here");
  }
  const watching = watchDirectory(path, reload, { ...options, stamp: first.stamp });
  return {
    reload,
    [Symbol.dispose]() {
      disposed = true;
      watching[Symbol.dispose]();
    },
  };
}
