import assert from "node:assert/strict";
import { test } from "node:test";
import { parseManifests } from "@seaworthy/kube";
import { createObjectSet } from "../../../objects/object-set.ts";
import { singleReplica } from "./single-replica.ts";

function fixFor(image: string) {
  const text = `apiVersion: apps/v1
kind: Deployment
metadata: { name: shop }
spec:
  selector: { matchLabels: { app: shop } }
  template:
    metadata: { labels: { app: shop } }
    spec: { containers: [{ name: shop, image: "${image}" }] }
---
apiVersion: v1
kind: Service
metadata: { name: shop }
spec: { selector: { app: shop }, ports: [{ port: 80 }] }
`;
  const [finding] = singleReplica.check(createObjectSet(parseManifests("a.yaml", text)));
  assert.ok(finding, image);
  return finding.fix;
}

test("a second pod is offered for an app, and for no database", () => {
  assert.ok(fixFor("registry.example/shop:1"));
  for (const image of [
    "mysql:8.0",
    "docker.io/library/postgres:16",
    "bitnami/mongodb:7.0",
    "docker.elastic.co/elasticsearch/elasticsearch:8.14.0",
  ])
    assert.equal(fixFor(image), undefined, image);
});
