import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { FieldSet } from "./field-set.ts";
import { fromFieldsV1 } from "./fields-v1.ts";
import {
  comparePathElements,
  fieldElement,
  formatPath,
  keyElement,
  parsePathElement,
  valueElement,
  type Path,
} from "./path-element.ts";

const text = fc.oneof(fc.constantFrom("a", "b", "."), fc.string());
const scalar = fc.oneof(text, fc.integer(), fc.boolean());
const element = fc.oneof(
  text.map(fieldElement),
  fc.dictionary(fc.constantFrom("name", "port"), scalar, { minKeys: 1 }).map(keyElement),
  scalar.map(valueElement),
  fc.nat(9).map((index) => `i:${index}`),
);
const paths = fc.array(fc.array(element, { minLength: 1, maxLength: 4 }), { maxLength: 12 });

test("a set is written and read again", () => {
  fc.assert(
    fc.property(paths, (members) => {
      const set = FieldSet.of(members);
      const written = JSON.parse(set.json) as unknown;
      assert.ok(fromFieldsV1(written).equals(set));
    }),
  );
});

test("the operations are those of sets of paths", () => {
  const keys = (members: Iterable<Path>) => new Set(Array.from(members, (path) => JSON.stringify(path)));
  fc.assert(
    fc.property(paths, paths, (left, right) => {
      const [a, b] = [FieldSet.of(left), FieldSet.of(right)];
      assert.deepEqual(keys(a.paths()), keys(left));
      assert.deepEqual(keys(a.union(b).paths()), keys(left).union(keys(right)));
      assert.deepEqual(keys(a.intersection(b).paths()), keys(left).intersection(keys(right)));
      assert.deepEqual(keys(a.difference(b).paths()), keys(left).difference(keys(right)));
      const outside = left.filter(
        (path) => !right.some((other) => other.every((step, at) => step === path[at])),
      );
      assert.deepEqual(keys(a.recursiveDifference(b).paths()), keys(outside));
      for (const path of right) assert.equal(a.has(path), keys(left).has(JSON.stringify(path)));
    }),
  );
});

test("an operation that changes nothing gives the same set", () => {
  const set = FieldSet.of([["f:a", "f:b"], ["f:c"]]);
  const part = FieldSet.of([["f:a", "f:b"]]);
  assert.equal(set.union(part), set);
  assert.equal(set.difference(FieldSet.of([["f:d"]])), set);
  assert.equal(part.intersection(set), part);
  assert.equal(set.difference(set), FieldSet.empty);
});

test("the fields are written in the order of Kubernetes, with a point for a parent that is a member", () => {
  const set = FieldSet.of([
    ["v:2"],
    ["i:1"],
    ["v:10"],
    ['v:"b"'],
    ["v:true"],
    ['k:{"port":80,"protocol":"UDP"}'],
    ['k:{"port":8080,"protocol":"TCP"}'],
    ['k:{"port":80,"protocol":"TCP"}'],
    ["f:b", "f:c"],
    ["f:b"],
    ["f:Z"],
    ["f:a", "f:c"],
  ]);
  assert.equal(
    set.json,
    String.raw`{"f:Z":{},"f:a":{"f:c":{}},"f:b":{".":{},"f:c":{}},"k:{\"port\":80,\"protocol\":\"TCP\"}":{},"k:{\"port\":80,\"protocol\":\"UDP\"}":{},"k:{\"port\":8080,\"protocol\":\"TCP\"}":{},"v:2":{},"v:10":{},"v:\"b\"":{},"v:true":{},"i:1":{}}`,
  );
});

test("elements have one spelling, and words for people", () => {
  assert.equal(parsePathElement('k:{"protocol": "TCP", "port": 80.0}'), 'k:{"port":80,"protocol":"TCP"}');
  assert.equal(parsePathElement('v:"<"'), String.raw`v:"\u003c"`);
  assert.equal(parsePathElement("x:new"), undefined);
  assert.equal(
    formatPath(["f:spec", "f:ports", 'k:{"port":80,"protocol":"TCP"}', "f:name", 'v:"a"', "v:1", "i:2"]),
    '.spec.ports[port=80,protocol="TCP"].name[="a"][=1][2]',
  );
  assert.ok(comparePathElements("f:a", "f:b") < 0 && comparePathElements("v:2", "v:10") < 0);
  for (const broken of ["f", "fa", "v:{", "k:[1]", "i:x"])
    assert.throws(() => parsePathElement(broken), SyntaxError, broken);
});

test("what is no set of fields is refused, and what is not known of it left out", () => {
  for (const broken of [1, { "f:a": 1 }, { "v:{": {} }])
    assert.throws(() => fromFieldsV1(broken), SyntaxError);
  assert.ok(fromFieldsV1({ "x:a": {}, "f:b": null }).equals(FieldSet.of([["f:b"]])));
});
