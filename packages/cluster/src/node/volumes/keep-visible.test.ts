import assert from "node:assert/strict";
import { test } from "node:test";
import { keepVisible } from "./keep-visible.ts";

const mount = (mountPath: string) => ({ hostPath: `/volumes${mountPath}`, mountPath, readOnly: false });

function kept(mountPaths: readonly string[], paths: readonly string[]): string[] {
  const mounts = mountPaths.map(mount);
  const all = keepVisible(mounts, paths);
  assert.deepEqual(all.slice(0, mounts.length), mounts);
  for (const { hostPath, mountPath } of all.slice(mounts.length)) assert.equal(hostPath, mountPath);
  return all.slice(mounts.length).map(({ mountPath }) => mountPath);
}

test("the folder right below the mount that hides a path stays visible", () => {
  assert.deepEqual(kept(["/tmp"], ["/tmp/checkout/app/server.mjs"]), ["/tmp/checkout"]);
  assert.deepEqual(kept(["/home"], ["/home/ann/app", "/home/ann/.nvm/bin/node"]), ["/home/ann"]);
  assert.deepEqual(kept(["/", "/tmp"], ["/tmp/a/b", "/usr/bin/node"]), ["/tmp/a", "/usr"]);
});

test("of several mounts the innermost one decides", () => {
  assert.deepEqual(kept(["/tmp", "/tmp/checkout/data"], ["/tmp/checkout/data/app/x"]), [
    "/tmp/checkout/data/app",
  ]);
});

test("what no mount hides, and what a mount is meant to replace, is left alone", () => {
  assert.deepEqual(kept(["/tmp", "/app/config"], ["/usr/bin/node", "/app", "/tmpfoo/x"]), []);
  assert.deepEqual(kept(["/srv/app"], ["/srv/app"]), []);
  assert.deepEqual(kept([], ["/tmp/x"]), []);
});
