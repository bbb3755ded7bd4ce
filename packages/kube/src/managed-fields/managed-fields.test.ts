import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { KubeObject, ManagedFieldsEntry } from "../object.ts";
import { applyConfiguration, InvalidConfiguration } from "./apply-configuration.ts";
import { ApplyConflict } from "./apply-conflict.ts";
import { FieldOwner } from "./field-owner.ts";
import { decodeOwners, sameButTimes } from "./field-owners.ts";
import { anySpec, widget, widgetRules } from "./testing/widgets.ts";
import { trackUpdate } from "./track-update.ts";

const noon = "2026-01-01T12:00:00Z";
const later = "2026-01-01T13:00:00Z";

function apply(
  live: KubeObject | undefined,
  spec: unknown,
  manager: string,
  { force = true, now = noon, version = "v1" } = {},
): KubeObject {
  const apiVersion = `toys.example/${version}`;
  const config = { ...widget(spec), apiVersion };
  const shown = live === undefined ? undefined : { ...live, apiVersion };
  const applied = applyConfiguration(
    { ...widgetRules, apiVersion },
    { live: shown, config, manager, force, now },
  );
  const object = applied.object as unknown as KubeObject;
  return withManagers(object, applied.managedFields);
}

function update(live: KubeObject | undefined, spec: unknown, manager: string, now = noon): KubeObject {
  const next = widget(spec);
  return withManagers(next, trackUpdate(widgetRules, { live, next, manager, now }));
}

function withManagers(object: KubeObject, managedFields: ManagedFieldsEntry[] | undefined): KubeObject {
  const { managedFields: _before, ...metadata } = object.metadata;
  return { ...object, metadata: managedFields === undefined ? metadata : { ...metadata, managedFields } };
}

const owners = ({ metadata }: KubeObject) =>
  (metadata.managedFields ?? []).map(({ manager, operation }) => `${manager} ${operation}`);
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test("an apply of the same again changes nothing, not even the time", () => {
  fc.assert(
    fc.property(anySpec, anySpec, (before, spec) => {
      const once = apply(apply(undefined, before, "bob"), spec, "alice");
      const twice = apply(once, spec, "alice", { now: later, force: false });
      assert.deepEqual(plain(twice), plain(once));
    }),
  );
});

test("what all its owners give up goes, and what one keeps stays", () => {
  fc.assert(
    fc.property(anySpec, anySpec, (one, two) => {
      const both = apply(apply(undefined, one, "alice"), two, "bob");
      const withoutOne = apply(both, undefined, "alice");
      const onlyTwo = apply(undefined, two, "bob");
      assert.ok(sameFields(withoutOne, onlyTwo), "bob owns what he applied");
      const none = apply(withoutOne, undefined, "bob");
      assert.deepEqual(owners(none), []);
      assert.deepEqual(plain(none["spec"] ?? null), null);
    }),
  );
});

test("appliers of different fields may come in any order", () => {
  const fields = ["size", "labels", "place", "colors", "steps", "parts", "extra"];
  fc.assert(
    fc.property(anySpec, fc.subarray(fields), (spec, chosen) => {
      // An empty list has no owner, so that it is as if it had been there before anybody applied.
      const entries = Object.entries(spec).filter(
        ([, value]) => typeof value !== "object" || Object.keys(value ?? {}).length > 0,
      );
      const mine = Object.fromEntries(entries.filter(([field]) => chosen.includes(field)));
      const yours = Object.fromEntries(entries.filter(([field]) => !chosen.includes(field)));
      const oneWay = apply(apply(undefined, mine, "alice"), yours, "bob", { force: false });
      const otherWay = apply(apply(undefined, yours, "bob"), mine, "alice", { force: false });
      assert.deepEqual(oneWay["spec"] ?? {}, otherWay["spec"] ?? {});
      assert.ok(sameFields(oneWay, otherWay));
    }),
  );
});

test("an update owns what it changes, alone", () => {
  fc.assert(
    fc.property(anySpec, anySpec, (before, after) => {
      const updated = update(apply(undefined, before, "alice"), after, "bob");
      const managers = [...decodeOwners(updated.metadata.managedFields).values()];
      const [first, second] = managers;
      if (first !== undefined && second !== undefined)
        assert.ok(first.fields.intersection(second.fields).isEmpty);
      assert.deepEqual(plain(update(updated, after, "carol")), plain(updated), "the same again has no owner");
    }),
  );
});

test("managers are written and read again", () => {
  fc.assert(
    fc.property(anySpec, anySpec, (one, two) => {
      const { managedFields } = update(apply(undefined, one, "alice"), two, "bob").metadata;
      const read = plain(managedFields ?? null) as ManagedFieldsEntry[] | null;
      assert.ok(sameButTimes(managedFields, read ?? undefined));
    }),
  );
});

test("conflicts name each manager and each field", () => {
  const live = update(
    apply(undefined, { size: 1, labels: { a: "b" } }, "alice"),
    { size: 2, labels: { a: "b" } },
    "bob",
  );
  assert.throws(
    () => apply(live, { size: 3, labels: { a: "c" } }, "carol", { force: false }),
    (error: unknown) => {
      assert.ok(error instanceof ApplyConflict);
      assert.equal(
        error.message,
        'Apply failed with 2 conflicts: conflicts with "alice":\n- .spec.labels.a\nconflicts with "bob" using toys.example/v1:\n- .spec.size',
      );
      assert.deepEqual(error.causes[1], {
        reason: "FieldManagerConflict",
        message: 'conflict with "bob" using toys.example/v1',
        field: ".spec.size",
      });
      return true;
    },
  );
});

test("an applier is one manager in all versions, an updater is one in each", () => {
  const v1 = apply(undefined, { size: 1, labels: { a: "b" } }, "alice");
  const v2 = apply(v1, { size: 1 }, "alice", { version: "v2" });
  assert.deepEqual(owners(v2), ["alice Apply"]);
  assert.equal(v2.metadata.managedFields?.[0]?.apiVersion, "toys.example/v2");
  assert.deepEqual(v2["spec"], { size: 1 });
  const rules = { ...widgetRules, apiVersion: "toys.example/v2" };
  const first = update(undefined, { size: 1 }, "bob");
  const next = { ...widget({ size: 1, colors: ["a"] }), apiVersion: "toys.example/v2" };
  const second = withManagers(next, trackUpdate(rules, { live: first, next, manager: "bob", now: noon }));
  assert.deepEqual(
    second.metadata.managedFields?.map(({ apiVersion }) => apiVersion),
    ["toys.example/v1", "toys.example/v2"],
  );
});

test("managers of versions that are not served any more go", () => {
  const live = apply(undefined, { size: 1 }, "alice");
  const old = live.metadata.managedFields!.map((entry) => ({
    ...(plain(entry) as object),
    apiVersion: "toys.example/v0",
  }));
  const updated = update(withManagers(live, old), { size: 1, colors: ["a"] }, "bob");
  assert.deepEqual(owners(updated), ["bob Update"]);
});

test("eleven updaters become ten, the oldest of a version together", () => {
  let live = update(undefined, { labels: { k0: "v" } }, "m0");
  const labels: Record<string, string> = { k0: "v" };
  for (let index = 1; index <= 10; index += 1) {
    labels[`k${index}`] = "v";
    const time = `2026-01-01T12:00:${String(index).padStart(2, "0")}Z`;
    live = update(live, { labels: { ...labels } }, `m${index}`, time);
  }
  assert.equal(owners(live).length, 10);
  const [ancient] = live.metadata.managedFields ?? [];
  assert.equal(ancient?.manager, "ancient-changes");
  assert.equal(ancient?.time, "2026-01-01T12:00:01Z");
  assert.deepEqual(Object.keys(ancient?.fieldsV1["f:spec"]["f:labels"]), [".", "f:k0", "f:k1"]);
});

test("what cannot be read counts as nothing in an update", () => {
  const live = apply(undefined, { size: 1 }, "alice");
  const broken = [
    { manager: "a", operation: "Sing", apiVersion: "v1", fieldsType: "FieldsV1" },
    { manager: "a", operation: "Apply", fieldsType: "FieldsV1" },
    { manager: "a", operation: "Apply", apiVersion: "v1" },
    { manager: "a", operation: "Apply", apiVersion: "v1", fieldsType: "FieldsV2" },
    { manager: "a", operation: "Apply", apiVersion: "v1", fieldsType: "FieldsV1", fieldsV1: { f: {} } },
  ];
  for (const entry of broken) {
    const next = widget({ size: 1 }, { managedFields: [entry] });
    const managedFields = trackUpdate(widgetRules, { live, next, manager: "bob", now: noon });
    assert.deepEqual(owners(withManagers(next, managedFields)), ["alice Apply"]);
  }
});

test("an object that nobody tracks is not tracked by an update, and is by an apply", () => {
  const updated = update(widget({ size: 1 }), { size: 2 }, "bob");
  assert.deepEqual(owners(updated), []);
  const applied = apply(updated, { size: 3 }, "alice");
  assert.deepEqual(owners(applied), ["alice Apply", "before-first-apply Update"]);
  assert.deepEqual(plain(applied.metadata.managedFields?.[1]?.fieldsV1), { "f:spec": {} });
});

test("a configuration of a wrong type is told by name", () => {
  assert.throws(
    () => apply(undefined, { size: "big" }, "alice"),
    (error: unknown) =>
      error instanceof InvalidConfiguration &&
      error.message ===
        "failed to create typed patch object (/w; toys.example/v1, Kind=Widget): .spec.size: expected numeric (int or float), got string",
  );
});

test("the order of entries: appliers first, then by time, name, version and subresource", () => {
  const manager = (
    name: string,
    operation: "Apply" | "Update",
    time?: string,
    apiVersion = "v1",
    subresource = "",
  ) => new FieldOwner({ name, operation, time, apiVersion, subresource, fields: decodeFields() });
  const decodeFields = () =>
    [...decodeOwners(apply(undefined, { size: 1 }, "x").metadata.managedFields).values()][0]!.fields;
  const inOrder = [
    manager("z", "Apply"),
    manager("b", "Apply", noon),
    manager("a", "Apply", later),
    manager("a", "Update", noon, "v1"),
    manager("a", "Update", noon, "v1", "status"),
    manager("a", "Update", noon, "v2"),
    manager("b", "Update", noon),
  ];
  assert.deepEqual(inOrder.toReversed().sort(FieldOwner.compare), inOrder);
});

function sameFields(one: KubeObject, other: KubeObject): boolean {
  const byId = ({ metadata }: KubeObject) =>
    [...decodeOwners(metadata.managedFields)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const [left, right] = [byId(one), byId(other)];
  return (
    left.length === right.length &&
    left.every(([id, { fields }], index) => id === right[index]?.[0] && fields.equals(right[index][1].fields))
  );
}
