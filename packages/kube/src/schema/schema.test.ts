import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { formatSchema, generateSchema } from "../../scripts/generate-schema.ts";
import { atomicFields, listMerges, quantityFields } from "../../scripts/merge-keys.ts";
import { findTypeSchema, schemaTypeOf } from "./schema.ts";

test("the generated schema is in step with the installed client-node", () => {
  const committed = readFileSync(new URL("../schema.generated.json", import.meta.url), "utf8");
  assert.equal(
    committed,
    formatSchema(generateSchema()),
    "run: node packages/kube/scripts/generate-schema.ts",
  );
});

test("every entry of the hand-written tables names a field that exists", () => {
  for (const path of [...Object.keys(listMerges), ...atomicFields, ...quantityFields]) {
    const [type = "", field = ""] = path.split(".");
    assert.ok(findTypeSchema(type)?.has(field), path);
  }
});

test("every merge key and list map key is a field of the items", () => {
  for (const [path, merge] of Object.entries(listMerges)) {
    const [type = "", field = ""] = path.split(".");
    const item = findTypeSchema(findTypeSchema(type)?.get(field)?.type ?? "");
    for (const key of [merge.patchMergeKey, ...(merge.listMapKeys ?? [])]) {
      if (key !== undefined) assert.ok(item?.has(key), `${path}: ${key}`);
    }
  }
});

test("a field carries its type, shape and merge rules", () => {
  assert.equal(schemaTypeOf("v1", "Event"), "CoreV1Event");
  assert.deepEqual(findTypeSchema("V1Container")?.get("ports"), {
    type: "V1ContainerPort",
    shape: "list",
    required: false,
    patchMergeKey: "containerPort",
    patchStrategy: ["merge"],
    listType: "map",
    listMapKeys: ["containerPort", "protocol"],
    atomic: false,
  });
  assert.equal(findTypeSchema("V1DeploymentSpec")?.get("selector")?.atomic, true);
  assert.equal(findTypeSchema("V1ResourceRequirements")?.get("limits")?.type, "quantity");
  assert.equal(findTypeSchema("V1NetworkPolicyIngressRule")?.get("from")?.shape, "list");
});
