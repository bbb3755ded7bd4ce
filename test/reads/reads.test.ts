import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { createClient } from "@seaworthy/client";
import { resourceTypes } from "@seaworthy/kube";
import { createApiServer } from "../../packages/cluster/src/apiserver/create-api-server.ts";
import { Store } from "../../packages/cluster/src/apiserver/store/store.ts";
import { systemClock } from "../../packages/cluster/src/clock.ts";
import { seededRandom } from "../../packages/cluster/src/random.ts";
import { askRead, makeState, readNamespace, type ReadAnswer } from "./ask-read.ts";
import { readCases } from "./read-cases.ts";

const { answeredBy, answers } = JSON.parse(
  readFileSync(`${import.meta.dirname}/answers.generated.json`, "utf8"),
) as { readonly answeredBy: string; readonly answers: Readonly<Record<string, ReadAnswer>> };

const { transport } = createApiServer({
  clock: systemClock,
  random: seededRandom(1),
  store: new Store({ historyLimit: 60 }),
});
const client = createClient(transport);
await forgetTheBeginning();
const state = await makeState(client, transport);

describe(`the embedded API server answers reads as ${answeredBy} did`, { concurrency: true }, () => {
  for (const asked of readCases) {
    test(asked, async () => {
      const real = answers[asked];
      assert.ok(real !== undefined, "no answer is recorded: run bench/ask-real/reads.ts");
      assert.deepEqual(await askRead(transport, asked, state), real);
    });
  }
});

test("every answer is about a read that is asked", () => {
  assert.deepEqual(Object.keys(answers).toSorted(), readCases.toSorted());
});

/** The real one had lived for a while, and did not know its revision 1 any more. */
async function forgetTheBeginning(): Promise<void> {
  const named = (name: string) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
  await client.create(resourceTypes.namespaces, named(readNamespace));
  await client.create(resourceTypes.namespaces, named("others"));
  const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "x", namespace: "others" } };
  await client.create(resourceTypes.secrets, secret);
  for (let step = 0; step < 100; step += 1)
    await client.patch(resourceTypes.secrets, "others", "x", "merge", { data: { step: btoa(String(step)) } });
}
