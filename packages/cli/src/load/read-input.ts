import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { SeaworthyError } from "@seaworthy/errors";

/** The bytes of a file that a flag names. Throws SW1003. */
export async function readInput(file: string, flag: string, cwd: string): Promise<Buffer> {
  try {
    return await readFile(resolve(cwd, file));
  } catch (cause) {
    throw unreadable(file, flag, cause as NodeJS.ErrnoException);
  }
}

/** Why a file that a flag names is not read. */
export function unreadable(file: string, flag: string, cause: NodeJS.ErrnoException): SeaworthyError {
  const what = cause.code === "ENOENT" ? "is not there" : `cannot be read: ${cause.message}`;
  return new SeaworthyError("SW1003", `${file} ${what}`, {
    field: `--${flag}`,
    next: [`check the path: ls -l ${file}`],
    cause,
  });
}
