import assert from "node:assert/strict";
import { test } from "node:test";
import { capabilitiesOf } from "./capabilities.ts";

test("adds to containerd's default, and drops from it", () => {
  const without = capabilitiesOf({ capabilities: { drop: ["NET_RAW"] } });
  assert.equal(without.length, 13);
  assert.ok(!without.includes("net_raw"));
  const added = capabilitiesOf({ capabilities: { add: ["NET_ADMIN", "NO_SUCH"] } });
  assert.equal(added.length, 15);
  assert.ok(added.includes("net_admin"));
});

test("ALL comes before single ones", () => {
  const one = { capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] } };
  assert.deepEqual(capabilitiesOf(one), ["net_bind_service"]);
  assert.equal(capabilitiesOf({ capabilities: { add: ["ALL"] } }), "all");
  const most = capabilitiesOf({ capabilities: { add: ["ALL"], drop: ["SYS_ADMIN"] } });
  assert.equal(most.length, 40);
  assert.ok(!most.includes("sys_admin"));
  assert.deepEqual(capabilitiesOf({ capabilities: { add: ["ALL"], drop: ["ALL"] } }), []);
  assert.equal(capabilitiesOf({ privileged: true }), "all");
});
