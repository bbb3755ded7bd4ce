import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubeObject, ManagedFieldsEntry } from "@seaworthy/kube";
import { StoredObject } from "./stored-object.ts";

const managedFields: ManagedFieldsEntry[] = ["a", "b"].map((manager) => ({
  manager,
  operation: "Update",
  apiVersion: "v1",
  fieldsType: "FieldsV1",
  fieldsV1: { "f:data": { "f:x}": {} } },
}));
const short: KubeObject = {
  kind: "ConfigMap",
  apiVersion: "v1",
  metadata: { name: "n", labels: { "}": '"' } },
  data: { "x}": "{" },
};
const whole: KubeObject = { ...short, metadata: { ...short.metadata, managedFields } };

const states: readonly (readonly [state: string, make: (object: KubeObject) => StoredObject])[] = [
  ["just written", (object) => new StoredObject("n", 1, object)],
  ["read from a log", (object) => new StoredObject("n", 1, JSON.stringify(object))],
  [
    "packed",
    (object) => {
      const stored = new StoredObject("n", 1, object);
      stored.pack();
      return stored;
    },
  ],
  [
    "read from a log and packed",
    (object) => {
      const stored = new StoredObject("n", 1, JSON.stringify(object));
      stored.pack();
      return stored;
    },
  ],
];

for (const [state, make] of states) {
  test(`an object that is ${state} is written with its managedFields and without`, () => {
    for (const object of [short, whole]) {
      const { kind, apiVersion, ...item } = object;
      const bare = short;
      const parsed = (text: string) => JSON.parse(text) as unknown;
      assert.deepEqual(parsed(make(object).json), object);
      assert.deepEqual(parsed(make(object).shortJson), bare);
      assert.deepEqual(parsed(make(object).itemParts().join("")), item);
      assert.deepEqual(parsed(make(object).jsonIn("v2")), { kind, ...item, apiVersion: "v2" });
      assert.deepEqual(parsed(make(object).jsonIn(apiVersion, true)), bare);
      assert.deepEqual(make(object).object, object);
      assert.deepEqual(make(object).copy(), object);
    }
  });
}

test("two objects that are asked for in turn are not taken for each other", () => {
  const [one, other] = [new StoredObject("a", 1, whole), new StoredObject("b", 2, short)];
  assert.notEqual(one.jsonIn("v1"), other.jsonIn("v1"));
  assert.equal(one.jsonIn("v1"), new StoredObject("a", 1, whole).jsonIn("v1"));
  assert.notEqual(one.jsonIn("v1"), one.jsonIn("v2"));
});
