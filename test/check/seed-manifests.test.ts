import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { seaworthy } from "../seaworthy-command.ts";

const seeds = resolve("examples/seed-manifests");
const examples = ["a-httpserver", "b-httpserver-course", "c-simple-server", "d-wordpress"];

/** What is found in a folder, as `file:line rule`. */
async function find(folder: string, ...args: readonly string[]): Promise<string[]> {
  const { stdout, stderr } = await seaworthy(["check", folder, "--output", "json", ...args], { cwd: seeds });
  assert.ok(stdout.startsWith("{"), stderr);
  const { findings } = JSON.parse(stdout) as {
    readonly findings: readonly {
      readonly file: string;
      readonly line: number;
      readonly rule: string;
    }[];
  };
  return findings.map(({ file, line, rule }) => `${file}:${line} ${rule}`);
}

test("each published mistake is found at its line", async () => {
  const table = await readFile(join(seeds, "README.md"), "utf8");
  const rows = Array.from(
    table.matchAll(/\| \[([\w-]+)\]\(\S+\) \| `([^`]+)` \|$/gm),
    ([, rule, place]) => `${place} ${rule}`,
  );
  assert.equal(rows.length, 18);
  const folders = examples
    .flatMap((name) => [`${name}/k8s`, `${name}/as-published`])
    .filter((folder) => existsSync(join(seeds, folder)));
  // Each folder is a set of its own: the same app stands in several of them.
  const found: string[] = [];
  for (const folder of folders) found.push(...(await find(folder, "--profile", "strict")));
  assert.deepEqual(
    rows.filter((row) => !found.includes(row)),
    [],
  );
});

for (const name of examples)
  test(`${name} passes the default profile with its one edit and --fix`, async (context) => {
    const folder = await mkdtemp(join(tmpdir(), "seaworthy-test-"));
    context.after(() => rm(folder, { recursive: true, force: true }));
    await cp(join(seeds, name), folder, { recursive: true });
    assert.notDeepEqual(await find(join(folder, "k8s")), []);
    execFileSync("git", ["apply", "mend.diff"], { cwd: folder });
    assert.deepEqual(await find(join(folder, "k8s"), "--fix"), []);
    assert.deepEqual(await find(join(folder, "k8s")), []);
  });
