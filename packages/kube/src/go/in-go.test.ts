import assert from "node:assert/strict";
import { test } from "node:test";
import { diffInGo, equalInGo, inGo } from "./in-go.ts";

test("a struct has all of its fields, by their names in Go", () => {
  assert.deepEqual(inGo("core.Toleration", { key: "a", tolerationSeconds: 5 }), {
    Key: "a",
    Operator: "",
    Value: "",
    Effect: "",
    TolerationSeconds: 5,
  });
  assert.equal(inGo("*core.Toleration", undefined), null);
});

test("fields that memory has in another place are shown there", () => {
  const { SecurityContext } = inGo("core.PodSpec", { hostNetwork: true }) as {
    SecurityContext: { HostNetwork: boolean };
  };
  assert.equal(SecurityContext.HostNetwork, true);
});

test("what is not given equals its zero value, and a pointer to nothing does not equal one to something", () => {
  assert.ok(
    equalInGo("core.PersistentVolumeSource", { iscsi: { iqn: "a", lun: 0 } }, { iscsi: { iqn: "a" } }),
  );
  assert.ok(
    !equalInGo("core.PersistentVolumeSource", { iscsi: { iqn: "a", lun: 1 } }, { iscsi: { iqn: "a" } }),
  );
});

test("a difference shows the lines that changed", () => {
  const difference = diffInGo("core.Toleration", { key: "a" }, { key: "b" });
  assert.match(difference, /^@@ -1,5 \+1,5 @@\n \{\n- "Key": "a",\n\+ "Key": "b",\n/);
});

test("a type that is not among those that are shown is a mistake", () => {
  assert.throws(() => inGo("core.Nothing", {}), TypeError);
});
