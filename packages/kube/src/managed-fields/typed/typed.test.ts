import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { FieldSet } from "../field-set/field-set.ts";
import { formatPath } from "../field-set/path-element.ts";
import { anySpec, widget, widgetType } from "../testing/widgets.ts";
import { builtInMergeType } from "./built-in-merge-type.ts";
import { compareValues } from "./compare.ts";
import { findTypeErrors, formatTypeErrors } from "./find-type-errors.ts";
import { deducedType, type MergeType } from "./merge-type.ts";
import { mergeValues } from "./merge-values.ts";
import { openApiMergeType } from "./open-api-merge-type.ts";
import { reconcileFields } from "./reconcile-fields.ts";
import { removeFields } from "./remove-fields.ts";
import { toFieldSet } from "./to-field-set.ts";

const pod = builtInMergeType("v1", "Pod")!;
const text = (set: FieldSet) => [...set.paths()].map(formatPath);

test("merging a configuration changes nothing that it has, and adds all of it", () => {
  fc.assert(
    fc.property(anySpec, anySpec, (live, config) => {
      const merged = mergeValues(widget(live), widget(config), widgetType);
      const back = compareValues(merged, widget(config), widgetType);
      assert.deepEqual([text(back.modified), text(back.added)], [[], []]);
      const forth = compareValues(widget(live), merged, widgetType);
      // What has no schema may become another kind of value, and then loses its fields.
      assert.deepEqual(
        text(forth.removed).filter((path) => !path.startsWith(".spec.extra.")),
        [],
      );
      assert.deepEqual(findTypeErrors(merged, widgetType), []);
    }),
  );
});

test("a value differs from itself in nothing, and from nothing in all its fields", () => {
  fc.assert(
    fc.property(anySpec, (spec) => {
      const same = compareValues(widget(spec), structuredClone(widget(spec)), widgetType);
      assert.deepEqual([same.added, same.modified, same.removed].map(text), [[], [], []]);
      const { added } = compareValues(undefined, widget(spec), widgetType);
      assert.deepEqual(text(toFieldSet(widget(spec), widgetType).difference(added)), []);
    }),
  );
});

test("taking all fields of a value away leaves nothing of them", () => {
  fc.assert(
    fc.property(anySpec, (spec) => {
      const bare = removeFields(widget(spec), toFieldSet(widget(spec), widgetType), widgetType);
      assert.deepEqual(
        text(toFieldSet(bare, widgetType)).filter((path) => /\.spec\..*[.[]/.test(path)),
        [],
      );
    }),
  );
});

test("lists that are changed get the configuration's order, and the rest keeps its place", () => {
  const merge = (live: string, config: string) =>
    (
      mergeValues(widget({ colors: live.split("") }), widget({ colors: config.split("") }), widgetType) as {
        spec: { colors: string[] };
      }
    ).spec.colors.join("");
  assert.equal(merge("abc", "cb"), "acb");
  assert.equal(merge("abcd", "da"), "bcda");
  assert.equal(merge("abc", "bd"), "abcd");
  assert.equal(merge("abc", "cxa"), "bcxa");
  assert.equal(merge("ac", "abc"), "abc");
  assert.equal(merge("abc", "x"), "abcx");
  assert.equal(merge("", "ba"), "ba");
});

test("an empty struct that Kubernetes writes anyhow is neither added nor removed", () => {
  const created = compareValues(
    { apiVersion: "v1", kind: "Pod" },
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { labels: { a: "b" } },
      spec: { containers: [{ name: "c", resources: {} }] },
    },
    pod,
  );
  assert.deepEqual(text(created.added), [
    ".metadata.labels",
    ".metadata.labels.a",
    '.spec.containers[name="c"]',
    '.spec.containers[name="c"].name',
    '.spec.containers[name="c"].resources',
  ]);
});

test("ports without a protocol are TCP; items of atomic types are owned whole", () => {
  const spec = {
    containers: [{ name: "c", ports: [{ containerPort: 80 }] }],
    imagePullSecrets: [{ name: "s" }],
    nodeSelector: { a: "b" },
  };
  assert.deepEqual(text(toFieldSet({ spec }, pod)), [
    ".spec.nodeSelector",
    '.spec.containers[name="c"]',
    '.spec.containers[name="c"].name',
    '.spec.containers[name="c"].ports[containerPort=80,protocol="TCP"]',
    '.spec.containers[name="c"].ports[containerPort=80,protocol="TCP"].containerPort',
    '.spec.imagePullSecrets[name="s"]',
  ]);
});

test("items that are there twice come and go as one", () => {
  const env = (...values: string[]) => ({
    spec: { containers: [{ name: "c", env: values.map((value) => ({ name: "A", value })) }] },
  });
  const at = '.spec.containers[name="c"].env[name="A"]';
  const between = (before: unknown, after: unknown) => {
    const { added, modified, removed } = compareValues(before, after, pod);
    return [added, modified, removed].map(text);
  };
  assert.deepEqual(between(env("a", "b"), env("a", "c")), [[], [at], []]);
  assert.deepEqual(between(env("a", "b"), env("a", "b")), [[], [], []]);
  assert.deepEqual(between(env("a"), env("a", "b")), [[at], [], [at, `${at}.name`, `${at}.value`]]);
  assert.deepEqual(between(env("a", "b"), env("a")), [[at, `${at}.name`, `${at}.value`], [], [at]]);
  assert.deepEqual(between(env("a", "b"), env()), [[], [], [at]]);
  const merged = mergeValues(env("a", "b"), env("c"), pod);
  assert.deepEqual(merged, env("c"));
});

test("errors are told in the words of structured-merge-diff", () => {
  const errors = (spec: unknown, type: MergeType = widgetType) =>
    formatTypeErrors(findTypeErrors(widget(spec), type));
  assert.equal(errors({ size: 1, parts: [{ name: "a" }] }), "");
  assert.equal(errors({ sise: 1 }), ".spec.sise: field not declared in schema");
  assert.equal(errors({ size: null, colors: null }), "");
  assert.equal(
    errors({ size: 1.5, parts: [{ weight: [1] }] }),
    '.spec.parts: element 0: associative list with keys has an element that omits all key fields ["name"] (and doesn\'t have default values for any key fields)',
  );
  assert.equal(
    errors({ size: true, colors: [["a"]], steps: "x" }),
    "errors:\n  .spec.size: expected numeric (int or float), got bool\n  .spec.colors: element 0: not supported: associative list with lists as elements\n  .spec.steps: expected list, got &{x}",
  );
  const twice = widget({ colors: ["a", "a"] });
  assert.equal(
    formatTypeErrors(findTypeErrors(twice, widgetType)),
    '.spec.colors: duplicate entries for key [="a"]',
  );
  assert.deepEqual(findTypeErrors(twice, widgetType, { allowDuplicates: true }), []);
});

test("without a schema maps have owners field by field, and lists have one", () => {
  const value = { a: { b: [{ c: 1 }], d: {} } };
  assert.deepEqual(text(toFieldSet(value, deducedType)), [".a", ".a.b", ".a.d"]);
  assert.equal(openApiMergeType(undefined), deducedType);
  assert.deepEqual(findTypeErrors({ anything: [1, { a: null }] }, deducedType), []);
});

test("a schema says which unknown fields there may be", () => {
  const errors = (schema: object, spec: unknown) =>
    findTypeErrors({ spec }, openApiMergeType({ type: "object", properties: { spec: schema } })).length;
  const known = { a: { type: "string" } };
  assert.equal(errors({ type: "object", properties: known }, { b: 1 }), 1);
  assert.equal(errors({ type: "object", properties: known, additionalProperties: true }, { b: 1 }), 0);
  assert.equal(errors({ type: "object", additionalProperties: { type: "string" } }, { b: 1 }), 1);
  assert.equal(errors({ type: "object" }, { b: 1 }), 0);
  const keeps = {
    type: "object",
    "x-kubernetes-preserve-unknown-fields": true,
    properties: { in: { type: "object", properties: known } },
  };
  assert.equal(errors(keeps, { b: 1, in: { c: 1 } }), 0, "and so do those below it");
  assert.equal(errors({ "x-kubernetes-int-or-string": true }, "http"), 0);
  assert.equal(errors({ type: "string", format: "date-time" }, 5), 0);
});

test("a set fits a type that has become coarser", () => {
  const typed = (relation: object) =>
    openApiMergeType({
      type: "object",
      properties: {
        a: { type: "object", properties: { b: { type: "string" } }, ...relation },
        c: { type: "string" },
      },
    });
  const fine = toFieldSet({ a: { b: "x" }, c: "y" }, typed({}));
  assert.equal(reconcileFields(fine, typed({})), fine);
  const coarse = reconcileFields(fine, typed({ "x-kubernetes-map-type": "atomic" }));
  assert.deepEqual(text(coarse), [".a", ".c"]);
  assert.equal(reconcileFields(coarse, typed({ "x-kubernetes-map-type": "atomic" })), coarse);
});

test("what has no type in a built-in kind may be anything, as the defaults in a CustomResourceDefinition are", () => {
  const type = builtInMergeType("apiextensions.k8s.io/v1", "CustomResourceDefinition");
  assert.ok(type !== undefined);
  const errors = (properties: object) => {
    const openAPIV3Schema = { type: "object", properties };
    return [...findTypeErrors({ spec: { versions: [{ name: "v1", schema: { openAPIV3Schema } }] } }, type)];
  };
  for (const value of [3, "red", true, [1, 2], { a: [{ b: 1 }] }])
    assert.deepEqual(errors({ size: { default: value, enum: [value], items: { type: "string" } } }), []);
  assert.equal(errors({ size: { maximum: "many" } }).length, 1);
});
