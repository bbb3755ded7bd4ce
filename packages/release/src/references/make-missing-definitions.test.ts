import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubeClient } from "@seaworthy/client";
import { gatewayDefinitionOf, type KubeObject } from "@seaworthy/kube";
import { makeMissingDefinitions } from "./make-missing-definitions.ts";

const route: KubeObject = {
  apiVersion: "gateway.networking.k8s.io/v1",
  kind: "HTTPRoute",
  metadata: { name: "web" },
};
const definition = gatewayDefinitionOf(route)!;

test("all definitions of the Gateway API are made where its kinds are used and nobody has defined them", async () => {
  for (const [objects, served, made, notices] of [
    [[route], [], 5, 1],
    [[route], ["HTTPRoute"], 0, 0],
    [[route, definition], [], 0, 0],
    [[], [], 0, 0],
  ] as const) {
    const created: string[] = [];
    const client = {
      discover: () => Promise.resolve(served.map((kind) => ({ kind }))),
      create: (_type: unknown, { metadata }: KubeObject) => Promise.resolve(created.push(metadata.name)),
    } as unknown as KubeClient;
    const told: unknown[] = [];
    await makeMissingDefinitions(client, objects, (notice) => told.push(notice));
    assert.deepEqual([created.length, told.length], [made, notices]);
  }
});
