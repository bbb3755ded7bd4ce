import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Verdict } from "@seaworthy/trial";
import { seaworthy } from "../seaworthy-command.ts";

/**
 * Runs one round of `seaworthy trial` with little load. That proves little about the service; it shows that the example
 * can be tried at all, and what is lost in it.
 */
export async function tryOut(...words: readonly string[]): Promise<Verdict> {
  const report = join(tmpdir(), `seaworthy-example-${process.pid}.json`);
  const small = [
    "--profile",
    "instant",
    "--rounds",
    "1",
    "--rate",
    "50",
    "--output",
    "json",
    "--report",
    report,
  ];
  const { stdout, stderr } = await seaworthy(["trial", ...words, ...small], { cwd: process.cwd() });
  assert.notEqual(stdout, "", stderr);
  return JSON.parse(stdout) as Verdict;
}
