import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod, Volume } from "@seaworthy/kube";
import { volumeFiles } from "./volume-files.ts";

const token: Volume = { name: "t", projected: { sources: [{ serviceAccountToken: { path: "token" } }] } };
const secret: Volume = { name: "s", secret: { secretName: "s", defaultMode: 0o400 } };

async function fileOf(
  volume: Volume,
  securityContext: NonNullable<Pod["spec"]["securityContext"]>,
  users: readonly (number | undefined)[] = [undefined],
) {
  const containers = users.map((runAsUser, index) => ({
    name: `c${index}`,
    ...(runAsUser === undefined ? {} : { securityContext: { runAsUser } }),
  }));
  const pod: Pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p" },
    spec: { securityContext, containers },
  };
  const readData = () => Promise.resolve({ key: Buffer.from("value") });
  const files = await volumeFiles(pod, volume, { readData, requestToken: () => Promise.resolve("token") });
  const [{ mode, uid, gid } = {}] = files!.values();
  return { mode, uid, gid };
}

test("a token is the user's as whom all containers run, or the group's; else all may read it", async () => {
  assert.deepEqual(await fileOf(token, {}), { mode: 0o644, uid: undefined, gid: undefined });
  assert.deepEqual(await fileOf(token, { runAsUser: 7 }), { mode: 0o600, uid: 7, gid: undefined });
  assert.deepEqual(await fileOf(token, {}, [7, 8]), { mode: 0o644, uid: undefined, gid: undefined });
  assert.deepEqual(await fileOf(token, {}, [7, undefined]), { mode: 0o644, uid: undefined, gid: undefined });
  assert.deepEqual(await fileOf(token, { fsGroup: 5 }), { mode: 0o640, uid: undefined, gid: 5 });
});

test("what a volume shows is for fsGroup to read", async () => {
  assert.deepEqual(await fileOf(secret, {}), { mode: 0o400, uid: undefined, gid: undefined });
  assert.deepEqual(await fileOf(secret, { fsGroup: 5 }), { mode: 0o440, uid: undefined, gid: 5 });
});
