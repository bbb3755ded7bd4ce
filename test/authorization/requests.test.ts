import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { createClient, httpTransport, readKubeconfig, type Transport } from "@seaworthy/client";
import { resourceTypes } from "@seaworthy/kube";
import { startApi } from "../../packages/cluster/src/apiserver/testing/start-api.ts";
import { askRequest, type RequestAnswer } from "./ask-request.ts";
import { preparations, requests } from "./requests.ts";

const answers = JSON.parse(
  readFileSync(`${import.meta.dirname}/request-answers.generated.json`, "utf8"),
) as Readonly<Record<string, readonly RequestAnswer[]>>;

describe("answers to users are those of a real API server", () => {
  const resources = new AsyncDisposableStack();
  let transport: Transport;

  before(async () => {
    const api = resources.use(await (await startApi({ startMs: Date.now() })).start());
    transport = httpTransport(await readKubeconfig({ text: api.kubeconfig }));
    for (const asked of preparations) await askRequest(transport, asked);
    await createClient(transport).create(resourceTypes.serviceaccounts, {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: "default", namespace: "asked-one" },
    });
  });
  after(() => resources.disposeAsync());

  for (const [about, list] of Object.entries(requests))
    describe(about, () => {
      for (const [index, asked] of list.entries())
        test(`${index} ${asked.method} ${asked.path} ${asked.as ?? ""}`, async () => {
          const real = answers[about]?.[index];
          assert.ok(real !== undefined, "no answer is recorded: run bench/ask-real/identities.ts");
          assert.deepEqual(await askRequest(transport, asked), real);
        });
    });
});
