import assert from "node:assert/strict";
import { test } from "node:test";
import { parseManifests, type FieldPath } from "@seaworthy/kube";
import { placeInOrigin } from "./place-in-origin.ts";

const deployment = (name: string, spec: string) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
${spec}`;

const base = deployment(
  "shop",
  `  replicas: 2
  template:
    spec:
      containers:
        - name: proxy
          image: proxy:1
        - name: shop
          image: shop:1
          args: [a, b]
`,
);
const patch = deployment(
  "shop",
  `  replicas: 5
  template:
    spec:
      containers:
        - name: shop
          resources: { limits: { cpu: 2 } }
`,
);
const rendered = deployment(
  "prod-shop",
  `  replicas: 5
  template:
    spec:
      containers:
      - args: [a, b]
        image: shop:1
        name: shop
        resources: { limits: { cpu: 2 } }
      - image: proxy:2
        name: proxy
`,
);

const origins = [
  ...parseManifests("base/app.yaml", base).map((manifest) => ({ manifest, isPatch: false })),
  ...parseManifests("prod/patch.yaml", patch).map((manifest) => ({ manifest, isPatch: true })),
];

function placed(path: FieldPath, among = origins): string | undefined {
  const [manifest] = parseManifests("kubectl kustomize prod", rendered);
  const place = placeInOrigin({ manifest: manifest!, path, message: "", next: [] }, among);
  return place && `${place.file}:${place.line}: ${place.sourceLine?.trim()}`;
}

const container = ["spec", "template", "spec", "containers", 0];

test("a value is where the last file sets it", () => {
  assert.equal(placed(["spec", "replicas"]), "prod/patch.yaml:6: replicas: 5");
  assert.equal(placed([...container, "image"]), "base/app.yaml:13: image: shop:1");
  assert.equal(placed([...container, "args", 1]), "base/app.yaml:14: args: [a, b]");
  assert.match(placed([...container, "resources", "limits", "cpu"]) ?? "", /^prod\/patch\.yaml:11:/);
});

test("what is absent is missing in the file that the object is written in", () => {
  assert.equal(placed([...container, "lifecycle", "preStop"]), "base/app.yaml:12: - name: shop");
  assert.equal(placed(["spec", "minReadySeconds"]), "base/app.yaml:5: spec:");
});

test("where no file says it, or two objects may be meant, the place stays", () => {
  assert.equal(placed([...container.slice(0, -1), 1, "image"]), undefined);
  assert.equal(placed(["spec", "replicas"], []), undefined);
  const again = parseManifests("other/app.yaml", base).map((manifest) => ({ manifest, isPatch: false }));
  assert.equal(placed(["spec", "replicas"], [...origins, ...again]), undefined);
});
