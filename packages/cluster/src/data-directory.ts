import { chmod, mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SeaworthyError } from "@seaworthy/errors";

/** The folder of a cluster's kubeconfig, logs and volumes. Disposing it removes it, when it is a temporary one. */
export interface DataDirectory extends AsyncDisposable {
  readonly path: string;
}

/**
 * Opens a folder that nobody but its owner may enter, because the kubeconfig and the Secrets of mounted volumes lie in
 * it: a temporary one when none is named. Rejects with SW2005 when the named one is open to others.
 */
export async function openDataDirectory(path: string | undefined): Promise<DataDirectory> {
  if (path !== undefined) {
    await closeToOthers(path);
    return { path, async [Symbol.asyncDispose]() {} };
  }
  // mkdtemp makes it with the mode 0700.
  const temporary = await mkdtemp(join(tmpdir(), "seaworthy-"));
  return {
    path: temporary,
    [Symbol.asyncDispose]: () => rm(temporary, { recursive: true, force: true, maxRetries: 3 }),
  };
}

async function closeToOthers(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 }).catch((cause: NodeJS.ErrnoException) => {
    throw notUsable(path, `it cannot be made: ${cause.message}`, "name another folder", cause);
  });
  // Windows has no modes and no user ids.
  const user = process.getuid?.();
  if (user === undefined) return;
  const { uid, mode } = await stat(path);
  if (uid !== user)
    throw notUsable(path, "it belongs to another user of this machine", "name a folder of your own");
  if ((mode & 0o077) === 0) return;
  // An empty folder was made for this; one that holds something may be used by others.
  if ((await readdir(path)).length === 0) return chmod(path, 0o700);
  throw notUsable(path, "other users of this machine may enter it", `close it: chmod 700 ${path}`);
}

function notUsable(path: string, what: string, next: string, cause?: unknown): SeaworthyError {
  return new SeaworthyError("SW2005", `the data folder ${path} cannot be used: ${what}`, {
    why: "it holds the kubeconfig and the contents of Secrets, which others could read or replace",
    next: [next, "or name a folder that does not exist yet"],
    cause,
  });
}
