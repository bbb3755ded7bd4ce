import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmod, lstat, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { seaworthy } from "../seaworthy-command.ts";
import { shopManifest } from "../shop-manifest.ts";

const only = ["--profile", "none", "--rule", "no-drain"];

/** A folder in which manifests lie that want mending. */
async function folderWith(context: TestContext, files: Readonly<Record<string, string | Uint8Array>>) {
  const folder = await mkdtemp(join(tmpdir(), "seaworthy-test-"));
  context.after(() => rm(folder, { recursive: true, force: true }));
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text);
  const fix = async (...args: readonly string[]) =>
    await seaworthy(["check", ".", "--fix", ...only, ...args], { cwd: folder, timeoutMs: 20_000 });
  return { folder, fix, read: (file: string) => readFile(join(folder, file), "utf8") };
}

const written = shopManifest
  .replace("containerPort: 8080", "containerPort: 8080 # http")
  .replaceAll("\n", "\r\n");
const hook =
  "          lifecycle:\r\n            preStop:\r\n              sleep:\r\n                seconds: 5\r\n";
const mended = written.replace("periodSeconds: 1\r\n", `periodSeconds: 1\r\n${hook}`);

test("a safe fix is written where it belongs, all else stays, and a second time nothing changes", async (context) => {
  const { folder, fix, read } = await folderWith(context, { "app.yaml": written });
  await chmod(join(folder, "app.yaml"), 0o640);
  const { exitCode, stdout, stderr } = await fix();
  assert.equal(exitCode, 0, stdout + stderr);
  assert.match(stdout, /\n1 mended\n/);
  assert.equal(await read("app.yaml"), mended);
  const { mode, ino } = await stat(join(folder, "app.yaml"));
  assert.equal(mode & 0o777, 0o640);
  assert.doesNotMatch((await fix()).stdout, /mended/);
  assert.equal((await stat(join(folder, "app.yaml"))).ino, ino, "it is not even written");
  assert.deepEqual(await readdir(folder), ["app.yaml"]);
});

test("--dry-run writes nothing, and what it prints makes the same of the file", async (context) => {
  const { folder, fix, read } = await folderWith(context, { "app.yaml": written });
  const { exitCode, stdout, stderr } = await fix("--dry-run");
  assert.equal(exitCode, 1);
  assert.match(stderr, /1 finding would be mended in 1 file\n/);
  assert.equal(await read("app.yaml"), written);
  execFileSync("git", ["apply", "--whitespace=nowarn", "-"], { cwd: folder, input: stdout });
  assert.equal(await read("app.yaml"), mended);
});

test("--dry-run says what would stay, in files that cannot be read as well", async (context) => {
  const { fix } = await folderWith(context, { "app.yaml": written, "broken.yaml": "kind: [\n" });
  const { exitCode, stderr } = await fix("--dry-run", "--rule", "memory-request-missing");
  assert.equal(exitCode, 1);
  assert.match(stderr, /1 finding would be mended in 1 file; 1 error, 1 warning would stay: a check without/);
});

test("what a link leads to is mended, and the link stays", async (context) => {
  const { folder, read } = await folderWith(context, { "real.txt": written });
  await symlink("real.txt", join(folder, "app.yaml"));
  await seaworthy(["check", "app.yaml", "--fix", ...only], { cwd: folder, timeoutMs: 20_000 });
  assert.ok((await lstat(join(folder, "app.yaml"))).isSymbolicLink());
  assert.equal(await read("real.txt"), mended);
});

test("a file with bytes that would be lost is left as it is, and told of", async (context) => {
  const bytes = Buffer.concat([Buffer.from("# caf"), Buffer.from([0xe9]), Buffer.from(`\n${shopManifest}`)]);
  const { folder, fix } = await folderWith(context, { "app.yaml": bytes });
  const { exitCode, stderr } = await fix();
  assert.equal(exitCode, 2);
  assert.match(stderr, /error\[SW1003\]: app\.yaml is not mended: it is not what was read/);
  assert.deepEqual(await readFile(join(folder, "app.yaml")), bytes);
});

test("how to mend wants --fix", async () => {
  const { exitCode, stderr } = await seaworthy(["check", ".", "--unsafe"], { timeoutMs: 20_000 });
  assert.equal(exitCode, 2);
  assert.match(stderr, /--fix --unsafe/);
});
