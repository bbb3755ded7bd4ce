import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { createClient, createInformer } from "@seaworthy/client";
import { createKinds, resourceTypes, type KubeObject } from "@seaworthy/kube";
import { createApiServer } from "../../packages/cluster/src/apiserver/create-api-server.ts";
import { systemClock } from "../../packages/cluster/src/clock.ts";
import { seedCluster } from "../../packages/cluster/src/controllers/seed-cluster.ts";
import { startControllers } from "../../packages/cluster/src/controllers/start-controllers.ts";
import { seededRandom } from "../../packages/cluster/src/random.ts";
import { ask, makePolicy, readQuestions, type Answer } from "./can-i.ts";
import { noFolders } from "../../packages/cluster/src/testing/no-folders.ts";

const answers = JSON.parse(readFileSync(`${import.meta.dirname}/answers.generated.json`, "utf8")) as Readonly<
  Record<string, Answer>
>;

describe("who may do what, as a real API server says", () => {
  const kinds = createKinds();
  const server = createApiServer({ kinds, clock: systemClock, random: seededRandom(1) });
  const resources = new AsyncDisposableStack();

  before(async () => {
    const client = createClient(server.transport);
    resources.use(await server.start({}));
    await seedCluster(client, { clock: systemClock });
    resources.use(
      await startControllers({
        connect: () => client,
        clock: systemClock,
        signer: server.signer,
        kinds,
        random: seededRandom(1),
        folders: noFolders,
      }),
    );
    const roles = resources.use(createInformer<KubeObject>(client, resourceTypes.clusterroles));
    await makePolicy(server.transport);
    await new Promise<void>((resolve) => {
      roles.onChange(({ object: { metadata, rules } }) => {
        if (metadata.name === "can-aggregated" && (rules as unknown[] | undefined)?.length === 1) resolve();
      });
    });
  });
  after(() => resources.disposeAsync());

  for (const question of readQuestions())
    test(question, async () => {
      const real = answers[question];
      assert.ok(real !== undefined, "no answer is recorded: run bench/ask-real/authorization.ts");
      assert.deepEqual(await ask(server.transport, question), real);
    });
});
