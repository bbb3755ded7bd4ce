import assert from "node:assert/strict";
import { test } from "node:test";
import { findFrozenMounts, frozenMounts } from "./frozen-mounts.ts";
import { createKubeletVolume } from "./testing/kubelet-volume.ts";

const volumes = "/var/lib/kubelet/pods/d166411c-ea15-11eb-abc8-525400f80eae/volumes";
const mountinfo = [
  "720 700 0:50 / / rw,relatime - overlay overlay rw,lowerdir=/a",
  `721 720 253:1 ${volumes}/kubernetes.io~configmap/live /etc/live ro,relatime - ext4 /dev/vda1 rw`,
  `722 720 253:1 ${volumes}/kubernetes.io~configmap/app/..2026_07_21_11_21_39.969349293/app.yaml /etc/app/app.yaml ro - ext4 /dev/vda1 rw`,
  "723 720 0:60 /..2026_07_21_11_21_40.1/keys /etc/my\\040keys ro - tmpfs tmpfs rw",
  "724 720 253:1 /home/me/dev.yaml /etc/dev/dev.yaml rw - ext4 /dev/vda1 rw",
  "",
].join("\n");

test("a folder that is the whole volume goes with it", () => {
  assert.deepEqual(frozenMounts(mountinfo, "/etc/live", ["/etc/live/..2026_1/a"]), []);
  assert.deepEqual(frozenMounts(mountinfo, "/", ["/readme"]), []);
});

test("a file or folder by subPath, and a file mounted alone, stay as they are", () => {
  assert.deepEqual(frozenMounts(mountinfo, "/etc/app", ["/etc/app/app.yaml", "/etc/app/other"]), [
    "/etc/app/app.yaml",
  ]);
  assert.deepEqual(frozenMounts(mountinfo, "/etc/app/app.yaml", ["/etc/app/app.yaml"]), [
    "/etc/app/app.yaml",
  ]);
  assert.deepEqual(frozenMounts(mountinfo, "/etc/my keys", ["/etc/my keys/key"]), ["/etc/my keys"]);
  assert.deepEqual(frozenMounts(mountinfo, "/etc/dev", ["/etc/dev/dev.yaml"]), ["/etc/dev/dev.yaml"]);
});

test("a volume on this machine is not frozen, and one that is missing gives nothing", async () => {
  using volume = createKubeletVolume({ a: "1" });
  assert.deepEqual(await findFrozenMounts(volume.path), []);
  assert.deepEqual(await findFrozenMounts("/none"), []);
});
