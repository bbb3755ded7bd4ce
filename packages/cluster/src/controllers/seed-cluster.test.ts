import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient } from "@seaworthy/client";
import { createKinds, resourceTypes, type KubeObject } from "@seaworthy/kube";
import { createApiServer } from "../apiserver/create-api-server.ts";
import { systemClock } from "../clock.ts";
import { seededRandom } from "../random.ts";
import { seedCluster } from "./seed-cluster.ts";

test("the range of Services can be asked for, and a cluster that is there already is left as it is", async () => {
  const clock = systemClock;
  const { transport } = createApiServer({ kinds: createKinds(), clock, random: seededRandom(1) });
  const client = createClient(transport);
  await seedCluster(client, { clock });
  const read = async () => await client.get<KubeObject>(resourceTypes.servicecidrs, undefined, "kubernetes");
  const { metadata, spec, status } = await read();
  assert.deepEqual(spec, { cidrs: ["10.96.0.0/12"] });
  const [ready] = (status as { conditions: { type: string; status: string }[] }).conditions;
  assert.deepEqual([ready?.type, ready?.status], ["Ready", "True"]);
  await seedCluster(client, { clock });
  assert.equal((await read()).metadata.resourceVersion, metadata.resourceVersion);
});
