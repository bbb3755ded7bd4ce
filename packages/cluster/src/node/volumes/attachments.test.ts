import assert from "node:assert/strict";
import { test } from "node:test";
import type { PersistentVolume, PersistentVolumeClaim, Pod } from "@seaworthy/kube";
import { createAttachments } from "./attachments.ts";

const pod = (name: string, namespace = "shop"): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace, uid: name },
  spec: { containers: [] },
});

function pair(mode: string): [PersistentVolumeClaim, PersistentVolume] {
  return [
    {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: "c", namespace: "shop" },
      spec: { accessModes: [mode] },
    },
    {
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: { name: "pv" },
      spec: { accessModes: [mode], csi: { driver: "d", volumeHandle: "pv" } },
    },
  ];
}

test("ReadWriteOnce has one node at a time, ReadWriteMany all, ReadWriteOncePod one pod", () => {
  const attachments = createAttachments();
  const [claim, volume] = pair("ReadWriteOnce");
  const attach = (name: string, node: string) => attachments.attach(pod(name), node, claim, volume)?.message;
  assert.equal(attach("a", "n1"), undefined);
  assert.equal(attach("b", "n1"), undefined);
  assert.equal(attach("c", "n2"), 'Multi-Attach error for volume "pv" Volume is already used by pod(s) a, b');
  attachments.detach(pod("a"));
  attachments.detach(pod("b"));
  assert.equal(attach("c", "n2"), undefined);
  assert.match(
    attachments.attach(pod("x", "other"), "n1", claim, volume)?.message ?? "",
    /already exclusively attached to one node/,
  );
  const many = pair("ReadWriteMany");
  const all = createAttachments();
  for (const node of ["n1", "n2"]) assert.equal(all.attach(pod(node), node, ...many), undefined);
  const single = createAttachments();
  assert.equal(single.attach(pod("a"), "n1", ...pair("ReadWriteOncePod")), undefined);
  assert.match(single.attach(pod("b"), "n1", ...pair("ReadWriteOncePod"))?.message ?? "", /already in use/);
});
