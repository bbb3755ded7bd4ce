import assert from "node:assert/strict";
import { mkdtemp, realpath, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { ContainerConfigError } from "../container/environment.ts";
import { containerMounts } from "./container-mounts.ts";

async function mountsOf(
  resources: AsyncDisposableStack,
  mount: { subPath?: string; subPathExpr?: string },
  env: Readonly<Record<string, string>> = {},
) {
  const path = await realpath(await mkdtemp(join(tmpdir(), "seaworthy-test-")));
  resources.defer(() => rm(path, { recursive: true, force: true }));
  await symlink(tmpdir(), join(path, "out"));
  const container = { name: "app", volumeMounts: [{ name: "data", mountPath: "/data", ...mount }] };
  const mounts = await containerMounts(container, new Map([["data", { path, readOnly: false }]]), env);
  return mounts.map(({ hostPath }) => hostPath.slice(path.length));
}

test("a sub path is expanded by the container's variables", async () => {
  await using resources = new AsyncDisposableStack();
  const subPathExpr = "logs/$(POD_NAME)/$$(x)";
  assert.deepEqual(await mountsOf(resources, { subPathExpr }, { POD_NAME: "web-0" }), ["/logs/web-0/$(x)"]);
});

for (const [name, subPathExpr, env, message] of [
  ["a variable is missing", "$(B)/$(A)/$(B)", { C: "c" }, "missing value for A, B"],
  ["a variable is empty", "$(A)", { A: "" }, "missing value for A"],
  ["it is absolute", "$(A)", { A: "/tmp" }, "error SubPath `/tmp` must not be an absolute path"],
  ["it leads upwards", "$(A)", { A: ".." }, "unable to provision SubPath `..`: must not contain '..'"],
  [
    "a link leads out",
    "$(A)",
    { A: "out" },
    'failed to prepare subPath for volumeMount "data" of container "app"',
  ],
] as const)
  test(`a container cannot be made by a sub path when ${name}`, async () => {
    await using resources = new AsyncDisposableStack();
    await assert.rejects(mountsOf(resources, { subPathExpr }, env), (error) => {
      assert.ok(error instanceof ContainerConfigError);
      assert.equal(error.message, message);
      return true;
    });
  });
