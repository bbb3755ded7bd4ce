import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { SeaworthyError } from "@seaworthy/errors";

/** The bytes of a file that a flag names. Throws SW1003. */
export async function readInput(file: string, flag: string, cwd: string): Promise<Buffer> {
  try {
    return await readFile(resolve(cwd, file));
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const what = code === "ENOENT" ? "is not there" : `cannot be read: ${message}`;
    throw new SeaworthyError("SW1003", `${file} ${what}`, {
      field: `--${flag}`,
      next: [`check the path: ls -l ${file}`],
      cause,
    });
  }
}
