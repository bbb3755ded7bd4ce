import assert from "node:assert/strict";
import { test } from "node:test";
import { httpTransport, readKubeconfig, type Transport } from "@seaworthy/client";
import { resourceTypes } from "@seaworthy/kube";
import { configMap, startApi } from "../testing/start-api.ts";

const path = "/api/v1/namespaces/default/configmaps";

test("a long list comes over HTTPS in pieces, which are the list that is had in this process", async () => {
  const { client, transport, start } = await startApi();
  for (let index = 0; index < 150; index += 1)
    await client.create(resourceTypes.configmaps, configMap(`c-${index}`, { text: "ä".repeat(1000) }));
  await using api = await start();
  const remote = httpTransport(await readKubeconfig({ text: api.kubeconfig }));
  for (const query of ["", "limit=120", "labelSelector=no%3Dbody"]) {
    const [here, there] = [await list(transport, query), await list(remote, query)];
    assert.deepEqual(there, here, query);
  }
});

async function list(transport: Transport, query: string): Promise<unknown> {
  const headers = { accept: "application/json" };
  const { body } = await transport({ method: "GET", path, query: new URLSearchParams(query), headers });
  if (typeof body !== "string") throw new TypeError("the answer is a stream");
  return JSON.parse(body);
}
