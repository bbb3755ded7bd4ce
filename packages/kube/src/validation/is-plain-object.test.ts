import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { decodingError } from "../go/decoding-error.ts";
import type { KubeObject } from "../object.ts";
import { isPlainObject } from "./is-plain-object.ts";
import { validateObject } from "./validate-object.ts";

const value = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1.5,
    2 ** 31,
    "",
    "a",
    "1",
    "250m",
    "0.5Gi",
    "1e3",
    "1Kib",
    "-1",
    {},
    [],
  ),
  fc.constantFrom(
    "2026-01-31T00:00:00Z",
    "2026-01-01T00:00:00Z",
    "2026-01-01T24:00:00Z",
    "2026-02-30T00:00:00Z",
  ),
  fc.constantFrom("2026-01-01T00:00:00.000000Z", "2026-01-01T00:00:00.1Z", "2026-01-01T00:00:00+01:00"),
  fc.constantFrom("YQ==", "YWI=", "YWJj", "YQ=", "Y===", "===="),
);
const values = fc.oneof(
  value,
  fc.array(value, { maxLength: 2 }),
  fc.dictionary(fc.constantFrom("a", "cpu"), value),
);

/** Objects with fields of every type of the schema, well and badly written. */
const objects: readonly (readonly [path: string, object: (value: unknown) => object])[] = [
  ["v1/Pod", (x) => ({ metadata: { creationTimestamp: x, name: "a" } })],
  ["v1/Pod", (x) => ({ metadata: { labels: x } })],
  ["v1/Pod", (x) => ({ metadata: x, spec: { containers: [] } })],
  ["v1/Pod", (x) => ({ spec: { priority: x, hostNetwork: x, nodeName: x } })],
  ["v1/Pod", (x) => ({ spec: { containers: [{ name: "a", ports: [{ containerPort: x }] }] } })],
  ["v1/Pod", (x) => ({ spec: { containers: [{ resources: { limits: x } }] } })],
  ["v1/Pod", (x) => ({ spec: { containers: [{ livenessProbe: { httpGet: { port: x } } }, x] } })],
  ["v1/Pod", (x) => ({ spec: { containers: [{ image: "a", color: x }] } })],
  ["v1/Pod", (x) => ({ spec: { volumes: [{ emptyDir: { sizeLimit: x } }] } })],
  ["v1/Secret", (x) => ({ data: x })],
  ["v1/Secret", (x) => ({ data: { a: x } })],
  ["v1/Event", (x) => ({ eventTime: x, lastTimestamp: x })],
  ["coordination.k8s.io/v1/Lease", (x) => ({ spec: { renewTime: x } })],
  ["apps/v1/Deployment", (x) => ({ spec: { strategy: { rollingUpdate: { maxSurge: x } } } })],
  ["authorization.k8s.io/v1/SubjectAccessReview", (x) => ({ spec: { extra: { a: x } } })],
];

test("nothing is to be said of what is plain", () => {
  let plain = 0;
  fc.assert(
    fc.property(fc.constantFrom(...objects), values, ([path, make], one) => {
      const [kind = "", apiVersion = ""] = [path.split("/").at(-1), path.slice(0, path.lastIndexOf("/"))];
      const object = { apiVersion, kind, ...make(one) };
      if (!isPlainObject(apiVersion, kind, object)) return;
      plain += 1;
      assert.equal(decodingError(apiVersion, kind, object), undefined);
      const { metadata } = object as { metadata?: object | null };
      const unknown = validateObject({ ...object, metadata: metadata ?? {} } as KubeObject);
      assert.deepEqual(
        unknown.filter((problem) => problem.kind === "unknown-field"),
        [],
      );
    }),
    { numRuns: 2_000 },
  );
  assert.ok(plain > 50, `${plain} of 2,000 were plain`);
});

test("what most objects are is plain", () => {
  const container = {
    name: "app",
    image: "app:1",
    ports: [{ containerPort: 8080 }],
    resources: { requests: { cpu: "100m", memory: "128Mi" } },
    readinessProbe: { httpGet: { path: "/", port: "http" } },
  };
  const status = { startTime: "2026-01-01T10:20:30Z", conditions: [{ type: "Ready", lastProbeTime: null }] };
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "a" },
    spec: { containers: [container] },
    status,
  };
  assert.equal(isPlainObject("v1", "Pod", pod), true);
  assert.equal(isPlainObject("example.com/v1", "Widget", {}), true);
});

test("a time is plain on every day that there is, but for the 29th of February", () => {
  const pod = (time: string) => ({ apiVersion: "v1", kind: "Pod", metadata: { creationTimestamp: time } });
  for (let day = 0; day < 366; day += 1) {
    const time = new Date(Date.UTC(2024, 0, 1 + day, 23, 59, 59)).toISOString().replace(".000Z", "Z");
    assert.equal(isPlainObject("v1", "Pod", pod(time)), !time.includes("-02-29"), time);
  }
  for (const time of ["2026-02-30T00:00:00Z", "2026-04-31T00:00:00Z", "2026-01-32T00:00:00Z"])
    assert.equal(isPlainObject("v1", "Pod", pod(time)), false, time);
});

test("what is shared with an object that is known is not looked at", () => {
  const spec = { containers: 1 };
  assert.equal(isPlainObject("v1", "Pod", { spec, status: {} }), false);
  assert.equal(isPlainObject("v1", "Pod", { spec, status: {} }, { spec }), true);
  assert.equal(isPlainObject("v1", "Pod", { spec, status: { phase: 1 } }, { spec }), false);
  assert.equal(isPlainObject("v1", "Pod", { spec: { ...spec } }, { spec }), false);
});
