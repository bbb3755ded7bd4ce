import assert from "node:assert/strict";
import { test } from "node:test";
import { SeaworthyError } from "@seaworthy/errors";
import { parseManifests } from "./parse-manifests.ts";

const parseOne = (text: string) => {
  const [manifest] = parseManifests("a.yaml", text);
  assert.ok(manifest);
  return manifest;
};

const thrownBy = (text: string): SeaworthyError => {
  try {
    parseManifests("a.yaml", text);
  } catch (error) {
    assert.ok(error instanceof SeaworthyError);
    return error;
  }
  throw new Error("nothing was thrown");
};

const configMap = (data: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n${data.replace(/^/gm, "  ")}\n`;

test("several documents, empty ones skipped, Lists flattened, with lines", () => {
  const text = `# only a comment
---
apiVersion: v1
kind: Namespace
metadata: {name: a}
---
---
apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Namespace
    metadata: {name: b}
  - {apiVersion: v1, kind: Namespace, metadata: {name: c}}
`;
  const manifests = parseManifests("a.yaml", text);
  assert.deepEqual(
    manifests.map(({ object, line, file }) => [object.metadata.name, line, file]),
    [
      ["a", 3, "a.yaml"],
      ["b", 11, "a.yaml"],
      ["c", 14, "a.yaml"],
    ],
  );
  assert.deepEqual(manifests[2]?.locate(["metadata", "name"]), {
    file: "a.yaml",
    line: 14,
    column: 56,
    length: 1,
    sourceLine: "  - {apiVersion: v1, kind: Namespace, metadata: {name: c}}",
  });
  assert.deepEqual(parseManifests("a.yaml", ""), []);
  assert.deepEqual(parseManifests("a.yaml", "---\n---\n# nothing\n"), []);
});

test("values are read as Kubernetes reads YAML", () => {
  const { object } = parseOne(
    configMap(
      "a: yes\nb: off\nc: 0644\nd: 0o644\ne: 2026-01-02\nf: 12:30:45\ng: 1_000\nh: '0644'\ni: ~\nj: 08\nk: 1e3\nl: !!binary aGk=",
    ),
  );
  assert.deepEqual(object["data"], {
    a: true,
    b: false,
    c: 0o644,
    d: 0o644,
    e: "2026-01-02",
    f: "12:30:45",
    g: 1000,
    h: "0644",
    i: null,
    j: 8,
    k: 1000,
    l: "hi",
  });
});

test("anchors, merge keys and JSON", () => {
  const manifest = parseOne(
    "base: &b {name: x}\napiVersion: v1\nkind: Pod\nmetadata:\n  <<: *b\n  labels: {a: b}\n",
  );
  assert.deepEqual(manifest.object.metadata, { name: "x", labels: { a: "b" } });
  assert.equal(manifest.locate(["metadata", "name"]).line, 1);
  const json = `{\n\t"apiVersion": "v1",\n\t"kind": "Pod",\n\t"metadata": {"name": "p"}\n}\n`;
  assert.equal(parseOne(json).object.metadata.name, "p");
});

test("places: values, keys, blocks by their key, the nearest ancestor of what is absent", () => {
  const text = `apiVersion: apps/v1\r
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
        - name: web
          image: "web:1"
`;
  const manifest = parseOne(text);
  const at = (place: { line: number; column: number; length?: number }): number[] => [
    place.line,
    place.column,
    place.length ?? 0,
  ];
  const container = ["spec", "template", "spec", "containers", 0];
  assert.deepEqual(at(manifest.locate([...container, "image"])), [10, 18, 7]);
  assert.deepEqual(at(manifest.locateKey([...container, "image"])), [10, 11, 5]);
  assert.deepEqual(at(manifest.locate(container)), [9, 11, 9]);
  assert.deepEqual(at(manifest.locate([...container, "livenessProbe", "httpGet"])), [9, 11, 9]);
  assert.deepEqual(at(manifest.locate(["spec", "selector"])), [5, 1, 4]);
  assert.deepEqual(at(manifest.locate(["spec", "template", "spec", "containers"])), [8, 7, 10]);
  assert.deepEqual(at(manifest.locateKey(["status"])), [1, 1, 19]);
  assert.equal(manifest.locate(["apiVersion"]).sourceLine, "apiVersion: apps/v1");
});

test("broken YAML is SW1101 with the place, and a template is recognised", () => {
  const error = thrownBy("apiVersion: v1\nkind: [Pod\nmetadata:\n  name: x\n");
  assert.equal(error.code, "SW1101");
  assert.equal(error.details.place?.file, "a.yaml");
  assert.ok((error.details.place?.line ?? 0) >= 2);
  assert.match(
    thrownBy("apiVersion: v1\nname: {{ .Values.x }}: y\n  - b").details.next?.[0] ?? "",
    /helm template/,
  );
  assert.match(thrownBy(configMap("a: {{ .Values.image }}")).details.next?.[0] ?? "", /helm template/);
  assert.equal(thrownBy("a: *nowhere\n").code, "SW1101");
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n`;
  assert.equal(thrownBy(bomb).code, "SW1101");
});

test("a key that is longer than YAML allows is SW1101", () => {
  assert.equal(thrownBy(configMap(`${"x".repeat(2_000)}: b`)).code, "SW1101");
});

test("an anchor that contains itself is SW1101 at the alias, and one that is used twice is none", () => {
  for (const endless of ["a: &a [*a]", "a: &a {b: {c: *a}}", "a: &a {<<: *a}"]) {
    const error = thrownBy(configMap(endless));
    assert.equal(error.code, "SW1101", endless);
    assert.match(error.message, /anchor 'a' value contains itself/);
    assert.equal(error.details.place?.line, 5);
  }
  assert.equal(parseManifests("a.yaml", configMap("a: &a x\nb: [*a, *a]")).length, 1);
});

test("what opens within one line again and again is SW1101, and text that looks so is read", () => {
  for (const text of ["[".repeat(2_000), "{a: ".repeat(2_000)])
    assert.match(thrownBy(configMap(`a: ${text}`)).message, /nested too deeply/);
  for (const text of [
    `|+\n  ${"--: ".repeat(100)}${"x".repeat(300)}`,
    `"${"[".repeat(2_000)}"`,
    `b # ${"- ".repeat(2_000)}`,
    `|+\n  ${"{a: ".repeat(2_000)}`,
  ])
    assert.equal(parseManifests("a.yaml", configMap(`a: ${text}`)).length, 1);
});

test("a duplicate key is SW1102 and names both places", () => {
  const error = thrownBy(configMap("a: 1\nb: 2\na: 3"));
  assert.equal(error.code, "SW1102");
  assert.deepEqual(error.details.seen, ["first at a.yaml:5:3", "again at a.yaml:7:3"]);
  assert.equal(error.details.place?.line, 7);
});

test("what is not an object is SW1106", () => {
  for (const text of [
    "a: 1",
    "just text",
    "- a\n- b",
    "kind: Pod",
    "apiVersion: v1",
    "apiVersion: v1\nkind: Pod",
    "apiVersion: 1\nkind: Pod",
  ]) {
    assert.equal(thrownBy(text).code, "SW1106", text);
  }
  assert.match(thrownBy("kind: Pod\nmetadata: {name: x}").message, /no apiVersion/);
  assert.equal(thrownBy("apiVersion: v1\nkind: List\nitems: [{a: 1}]\n").details.place?.line, 3);
});
