import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { SeaworthyError } from "@seaworthy/errors";
import { listVolume } from "./list-volume.ts";

/** The files of a volume as they were together at one moment. */
export interface Generation {
  /**
   * A hash of names and contents: equal in every pod that reads the same. The hash of a Secret does not belong in
   * a log, because a short secret could be guessed from it.
   */
  readonly id: string;
  /** Name → content. A file in a folder is named `folder/file`. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** When the files were read, in milliseconds since the epoch. */
  readonly readAtMs: number;
  /** A text that differs whenever the content may differ: see `listVolume`. */
  readonly stamp: string;
}

/** How much is read, and how often it is tried. */
export interface ReadLimits {
  /** The most files, folders included. Default 1,000. */
  readonly maxFiles?: number;
  /** The most bytes in all. Default 16 MiB; a ConfigMap or Secret has at most 1 MiB, a projected volume several of them. */
  readonly maxBytes?: number;
  /** How often it is tried while the volume keeps changing. Default 20. */
  readonly attempts?: number;
  /** The time between two attempts. Default 5. */
  readonly pauseMs?: number;
  /** The clock, in milliseconds since the epoch. */
  readonly nowMs?: () => number;
}

/** How many files a volume may have when nothing else is said. */
export const defaultMaxFiles = 1_000;

/**
 * Reads a ConfigMap or Secret volume, a plain folder or a single file as one generation. The kubelet writes a new folder,
 * renames a link over `..data` and then deletes the old folder (pkg/volume/util/atomic_writer.go). So everything is read
 * from the folder that `..data` leads to at first; when the link leads elsewhere afterwards, or a file was gone, files
 * may be missing and all is read again. A plain folder is as atomic as its writer: it is read again when a file's
 * inode, size or time changed meanwhile. Throws SW8003.
 *
 * One attempt is synchronous: with turns of a busy event loop between its steps, it would take long enough to meet the
 * next swap each time. Measured: 0.3 ms for a few small files, 1.3 ms for each MiB.
 */
export async function readGeneration(path: string, limits: ReadLimits = {}): Promise<Generation> {
  const { maxFiles = defaultMaxFiles, maxBytes = 16 * 1024 * 1024 } = limits;
  const { attempts = 20, pauseMs = 5, nowMs = Date.now } = limits;
  let why: unknown = new Error("it changes faster than it can be read");
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    if (attempt > 1) await sleep(pauseMs);
    try {
      const before = listVolume(path, maxFiles);
      const files = readFiles(before.files, maxBytes);
      const after = listVolume(path, maxFiles);
      if (after.stamp === before.stamp)
        return { id: hashOf(files), files, readAtMs: nowMs(), stamp: after.stamp };
    } catch (error) {
      why = error;
      if (!isVanished(error)) break;
    }
  }
  throw unreadable(path, why);
}

function readFiles(paths: ReadonlyMap<string, string>, maxBytes: number): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  let bytes = 0;
  for (const [name, path] of paths) {
    const file = openSync(path, "r");
    try {
      bytes += fstatSync(file).size;
      if (bytes > maxBytes) throw new RangeError(`the files have more than ${maxBytes} bytes`);
      files.set(name, readFileSync(file));
    } finally {
      closeSync(file);
    }
  }
  return files;
}

function hashOf(files: ReadonlyMap<string, Buffer>): string {
  const hash = createHash("sha256");
  for (const name of [...files.keys()].sort()) {
    const content = files.get(name)!;
    hash.update(`${JSON.stringify(name)} ${content.length}\n`).update(content);
  }
  return hash.digest("hex").slice(0, 16);
}

/** Whether the kubelet, or an editor, took the file away between the listing and the reading. */
function isVanished(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR", "ESTALE"].includes((error as NodeJS.ErrnoException).code ?? "");
}

function unreadable(path: string, cause: unknown): SeaworthyError {
  const { message, code } = cause as NodeJS.ErrnoException;
  const next =
    code === "EACCES"
      ? "let the container's user read it: securityContext.fsGroup, or the volume's defaultMode"
      : "mount the ConfigMap or Secret there, or give another path";
  return new SeaworthyError("SW8003", `${path} cannot be read: ${message}`, {
    field: path,
    next: [next],
    cause,
  });
}
