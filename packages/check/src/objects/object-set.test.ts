import assert from "node:assert/strict";
import { test } from "node:test";
import { parseManifests } from "@seaworthy/kube";
import { createObjectSet } from "./object-set.ts";

test("of two kinds of one name, an object finds that of the group which it means", () => {
  const manifests = parseManifests(
    "a.yaml",
    `apiVersion: serving.knative.dev/v1
kind: Service
metadata: { name: shop }
---
apiVersion: v1
kind: Service
metadata: { name: till }
`,
  );
  const set = createObjectSet(manifests);
  const [knative, core] = set.manifests;
  const asker = knative!.object;
  assert.equal(set.beside(asker, "Service", "till"), core);
  assert.equal(set.beside(asker, "Service", "shop"), undefined);
  assert.equal(set.beside(asker, "Service", "shop", "serving.knative.dev"), knative);
});
