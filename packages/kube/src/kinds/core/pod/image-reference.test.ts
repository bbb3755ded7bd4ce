import assert from "node:assert/strict";
import { test } from "node:test";
import { imageReference } from "./image-reference.ts";

test("an image reference has a name, and may have a tag and a digest", () => {
  assert.deepEqual(imageReference("host:5000/a/b:v1@sha256:00"), {
    name: "host:5000/a/b",
    tag: "v1",
    digest: "sha256:00",
  });
  assert.deepEqual(imageReference("host:5000/a"), { name: "host:5000/a", tag: undefined, digest: undefined });
  assert.deepEqual(imageReference("a@sha256:00"), { name: "a", tag: undefined, digest: "sha256:00" });
});
