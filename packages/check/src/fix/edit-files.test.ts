import assert from "node:assert/strict";
import { test } from "node:test";
import { parseSet } from "@seaworthy/app";
import { editFiles } from "./edit-files.ts";

const text = `# first
apiVersion: v1
kind: ConfigMap
metadata: { name: one }
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: two # second
data: &shared
  a: "1"
`;

function read(path?: string) {
  const source = { name: "maps.yaml", text, isNamed: true, ...(path === undefined ? {} : { path }) };
  const { set } = parseSet([source], "trial");
  const [one, two] = set.manifests;
  return { sources: [source], one: one!, two: two! };
}

test("edits are made where their object is written, and all else stays", () => {
  const { sources, two } = read("/k8s/maps.yaml");
  const files = editFiles(sources, [
    { manifest: two, path: ["metadata", "labels", "a"], op: "set", value: "b" },
  ]);
  assert.equal(files?.length, 1);
  assert.equal(
    files[0]!.after.join(""),
    text.replace("two # second\n", "two # second\n  labels:\n    a: b\n"),
  );
  assert.deepEqual(editFiles(sources, []), []);
});

test("one edit that cannot be made leaves all of them out, and so does a text that is no file", () => {
  const set = { path: ["metadata", "labels", "a"], op: "set", value: "b" } as const;
  const { sources, one, two } = read("/k8s/maps.yaml");
  const impossible = { manifest: one, path: ["data", "nothing"], op: "remove" } as const;
  assert.equal(editFiles(sources, [{ manifest: two, ...set }, impossible]), undefined);
  const rendered = read();
  assert.equal(editFiles(rendered.sources, [{ manifest: rendered.two, ...set }]), undefined);
});
