import { readFile } from "node:fs/promises";
import { shortName, unreadable } from "@seaworthy/app";
import { formatBaseline, parseBaseline, type Baseline, type Reported } from "@seaworthy/check";
import { SeaworthyError } from "@seaworthy/errors";
import { writeFileWhole } from "./write-file-whole.ts";

/** The file of old findings. */
export interface BaselineFile {
  readonly path: string;
  /** The same for people. */
  readonly name: string;
  /** Nothing, where it is to be written anew. */
  readonly known: Baseline;
  readonly writes: boolean;
}

/** Reads what is known, or nothing where it is to be written. Throws SW1002 and SW1003. */
export async function readBaselineFile(path: string, cwd: string, writes: boolean): Promise<BaselineFile> {
  const name = shortName(path, cwd);
  if (writes) return { path, name, known: { findings: [] }, writes };
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw unreadable(`the baseline ${name}`, cause, "--write-baseline writes it");
  });
  return { path, name, known: parseBaseline(text, name), writes };
}

/** Writes down what is found. Throws SW1003. */
export async function writeBaselineFile(
  { path, name }: BaselineFile,
  findings: readonly Reported[],
): Promise<void> {
  try {
    await writeFileWhole(path, formatBaseline(findings));
  } catch (error) {
    const cause = error as NodeJS.ErrnoException;
    const reason = cause.code === "ENOENT" ? "its folder does not exist" : cause.message;
    throw new SeaworthyError("SW1003", `the baseline ${name} cannot be written: ${reason}`, {
      next: ["name a file in a folder of yours: --baseline seaworthy-baseline.json"],
      cause,
    });
  }
}
