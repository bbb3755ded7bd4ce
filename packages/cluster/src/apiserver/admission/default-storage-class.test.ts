import assert from "node:assert/strict";
import { test } from "node:test";
import { builtInKinds, servedTypes, type KubeObject, type PersistentVolumeClaim } from "@seaworthy/kube";
import { startApi } from "../testing/start-api.ts";

const [claims, classes] = ["persistentvolumeclaims", "storageclasses"].map((plural) => {
  const [type] = builtInKinds.filter((kind) => kind.plural === plural).flatMap(servedTypes);
  assert.ok(type !== undefined);
  return type;
}) as [ReturnType<typeof servedTypes>[number], ReturnType<typeof servedTypes>[number]];

test("a claim that names no class has the newest default, and one that wants none has none", async () => {
  const { client, clock } = await startApi();
  const storageClass = async (name: string, isDefault: boolean) => {
    await client.create<KubeObject>(classes, {
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: { name, annotations: { "storageclass.kubernetes.io/is-default-class": String(isDefault) } },
      provisioner: "disks.example/plain",
    });
    clock.nowMs += 1000;
  };
  const classOf = async (name: string, spec: object = {}, annotations: Record<string, string> = {}) => {
    const made = await client.create<PersistentVolumeClaim>(claims, {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name, namespace: "default", annotations },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } }, ...spec },
    });
    return made.spec?.storageClassName;
  };
  await storageClass("other", false);
  assert.equal(await classOf("before"), undefined);
  await storageClass("z", true);
  await storageClass("a", true);
  assert.equal(await classOf("usual"), "a");
  assert.equal(await classOf("none", { storageClassName: "" }), "");
  const annotation = { "volume.beta.kubernetes.io/storage-class": "old" };
  assert.equal(await classOf("annotated", {}, annotation), undefined);
  await client.delete(classes, undefined, "a");
  assert.equal(await classOf("later"), "z");
});
