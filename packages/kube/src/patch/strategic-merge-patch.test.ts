import assert from "node:assert/strict";
import { test } from "node:test";
import { strategicMergePatch } from "./strategic-merge-patch.ts";

const container = (name: string, image = `${name}:1`): Record<string, unknown> => ({ name, image });
const podSpec = (doc: object, patch: object): unknown => strategicMergePatch(doc, patch, "core.v1.PodSpec");

test("lists with a merge key merge by it; a new item comes first, as in Kubernetes", () => {
  const doc = { containers: [container("a"), { ...container("b"), args: ["x", "y"] }] };
  const patch = { containers: [{ name: "b", image: "b:2", args: ["z"] }] };
  assert.deepEqual(podSpec(doc, patch), {
    containers: [container("a"), { name: "b", image: "b:2", args: ["z"] }],
  });
  assert.deepEqual(podSpec({ containers: [container("a")] }, { containers: [container("n")] }), {
    containers: [container("n"), container("a")],
  });
  assert.equal(doc.containers.length, 2);
});

test("lists without a merge key are replaced, maps merge, null deletes", () => {
  const doc = { tolerations: [{ key: "a" }], nodeSelector: { a: "1", b: "2" }, hostname: "h" };
  const patch = {
    tolerations: [{ key: "b" }],
    nodeSelector: { b: null, c: "3" },
    hostname: null,
    subdomain: null,
  };
  assert.deepEqual(podSpec(doc, patch), { tolerations: [{ key: "b" }], nodeSelector: { a: "1", c: "3" } });
});

test("$patch: delete and replace, in lists and in objects", () => {
  const doc = { containers: [container("a"), container("b")], securityContext: { runAsUser: 1 } };
  assert.deepEqual(podSpec(doc, { containers: [{ name: "a", $patch: "delete" }] }), {
    ...doc,
    containers: [container("b")],
  });
  assert.deepEqual(podSpec(doc, { containers: [{ $patch: "replace" }, container("c")] }), {
    ...doc,
    containers: [container("c")],
  });
  assert.deepEqual(podSpec(doc, { securityContext: { $patch: "replace", fsGroup: 2 } }), {
    ...doc,
    securityContext: { fsGroup: 2 },
  });
  assert.deepEqual(podSpec(doc, { securityContext: { $patch: "delete" } }), { ...doc, securityContext: {} });
  assert.throws(() => podSpec(doc, { $patch: "explode" }), { code: "SW1107" });
  assert.throws(() => podSpec(doc, { containers: [{ $patch: "delete" }] }), { code: "SW1107" });
  assert.throws(() => podSpec(doc, { containers: [{ image: "x" }] }), { code: "SW1107" });
});

test("$retainKeys clears what it does not name: a Deployment goes from RollingUpdate to Recreate", () => {
  const doc = { strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1 } } };
  const patch = { strategy: { $retainKeys: ["type"], type: "Recreate" } };
  assert.deepEqual(strategicMergePatch(doc, patch, "apps.v1.DeploymentSpec"), {
    strategy: { type: "Recreate" },
  });
  const volumes = { volumes: [{ name: "v", emptyDir: {} }] };
  const change = { volumes: [{ $retainKeys: ["name", "configMap"], name: "v", configMap: { name: "c" } }] };
  assert.deepEqual(podSpec(volumes, change), { volumes: [{ name: "v", configMap: { name: "c" } }] });
  const wrong = { strategy: { $retainKeys: ["type"], rollingUpdate: {} } };
  assert.throws(() => strategicMergePatch(doc, wrong, "apps.v1.DeploymentSpec"), { code: "SW1107" });
});

test("$setElementOrder orders merged lists and keeps the server's own items in their place", () => {
  const doc = { containers: [container("a"), container("server"), container("b")] };
  const patch = {
    "$setElementOrder/containers": [{ name: "b" }, { name: "c" }, { name: "a" }],
    containers: [container("c")],
  };
  const names = (result: unknown): string[] =>
    (result as { containers: { name: string }[] }).containers.map(({ name }) => name);
  assert.deepEqual(names(podSpec(doc, patch)), ["server", "b", "c", "a"]);
  assert.deepEqual(names(podSpec(doc, { "$setElementOrder/containers": [{ name: "b" }, { name: "a" }] })), [
    "server",
    "b",
    "a",
  ]);
  const wrong = { "$setElementOrder/containers": [{ name: "a" }], containers: [container("c")] };
  assert.throws(() => podSpec(doc, wrong), { code: "SW1107" });
});

test("scalar lists merge as sets; $deleteFromPrimitiveList takes away", () => {
  const doc = { finalizers: ["a", "b", "c"] };
  const meta = (patch: object): unknown => strategicMergePatch(doc, patch, "meta.v1.ObjectMeta");
  assert.deepEqual(meta({ finalizers: ["d"] }), { finalizers: ["d", "a", "b", "c"] });
  assert.deepEqual(meta({ finalizers: ["b"] }), { finalizers: ["a", "b", "c"] });
  assert.deepEqual(meta({ "$deleteFromPrimitiveList/finalizers": ["b"] }), { finalizers: ["a", "c"] });
  const both = {
    "$setElementOrder/finalizers": ["c", "e"],
    "$deleteFromPrimitiveList/finalizers": ["a"],
    finalizers: ["e"],
  };
  assert.deepEqual(meta(both), { finalizers: ["b", "c", "e"] });
});

test("a Service's ports merge by port, through the whole object", () => {
  const doc = {
    kind: "Service",
    spec: { ports: [{ port: 80, targetPort: 8080 }, { port: 443 }], selector: { a: "b" } },
  };
  const patch = { spec: { ports: [{ port: 80, targetPort: 9090 }] } };
  assert.deepEqual(strategicMergePatch(doc, patch, "core.v1.Service"), {
    kind: "Service",
    spec: { ports: [{ port: 80, targetPort: 9090 }, { port: 443 }], selector: { a: "b" } },
  });
});

test("directives and nulls never reach the document", () => {
  const patch = {
    containers: [{ name: "a", env: [{ name: "X", $patch: "delete" }], lifecycle: { preStop: null } }],
  };
  assert.deepEqual(podSpec({}, patch), { containers: [{ name: "a", env: [], lifecycle: {} }] });
  assert.throws(() => strategicMergePatch({}, [], "core.v1.Pod"), { code: "SW1107" });
});

test("document and patch stay as they are, and the result shares what is not touched", () => {
  const doc = {
    containers: [container("a"), container("b")],
    nodeSelector: { a: "1" },
    volumes: [{ name: "v" }],
  };
  const patch = {
    containers: [
      { name: "b", args: ["x"] },
      { name: "a", $retainKeys: ["name"] },
    ],
    "$setElementOrder/containers": [{ name: "b" }, { name: "a" }],
    "$deleteFromPrimitiveList/finalizers": ["f"],
    nodeSelector: { a: null, b: "2" },
    securityContext: { $patch: "replace", runAsUser: 1 },
  };
  const before = structuredClone({ doc, patch });
  const result = podSpec(doc, patch) as typeof doc;
  assert.deepEqual({ doc, patch }, before);
  assert.equal(result.volumes, doc.volumes);
  assert.deepEqual(result.containers, [{ ...container("b"), args: ["x"] }, { name: "a" }]);
});
