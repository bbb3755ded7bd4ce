import assert from "node:assert/strict";
import { test } from "node:test";
import { parseManifests } from "@seaworthy/kube";
import { createObjectSet } from "../object-set.ts";
import { findLabelMiss } from "./label-misses.ts";

const missOf = (wanted: string, apps: readonly string[]) => {
  const [service, ...pods] = parseManifests(
    "a.yaml",
    [
      "{ apiVersion: v1, kind: Service, metadata: { name: a } }",
      ...apps.map(
        (app) =>
          `{ apiVersion: v1, kind: Pod, metadata: { name: ${app}, labels: { app: ${app} } }, spec: { containers: [{ name: a, image: a }] } }`,
      ),
    ].join("\n---\n"),
  );
  return findLabelMiss(service!.object, { app: wanted }, createObjectSet(pods));
};

test("a label that is spelled alike was meant, or the only one", () => {
  assert.equal(missOf("shopp", ["shop", "queue"])?.meant, "shop");
  assert.equal(missOf("shop", ["queue", "shop-api"])?.meant, "shop-api");
  assert.equal(missOf("web", ["shop"])?.meant, "shop");
});

test("that of another app was not", () => {
  const miss = missOf("certificates", ["ca-injector", "webhook"]);
  assert.equal(miss?.has, "ca-injector");
  assert.equal(miss?.meant, undefined);
});
