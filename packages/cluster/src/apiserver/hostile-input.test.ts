import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "../random.ts";
import { sendHostile, sendHostileBytes, startTarget } from "./testing/send-hostile.ts";

// `node bench/api-fuzz.ts` sends a million.

test("hostile requests are answered or refused as they have to be, and tell nothing of others", async () => {
  const { transport } = await startTarget();
  const random = seededRandom(1);
  const statuses = new Set<number>();
  for (let count = 0; count < 3000; count += 1) statuses.add(await sendHostile(transport, random));
  for (const status of [200, 201, 400, 404, 409, 415, 422]) assert.ok(statuses.has(status), `${status} came`);
});

test("hostile bytes of strangers are refused, and the server goes on", async () => {
  const { start, client } = await startTarget();
  await using api = await start();
  const random = seededRandom(2);
  for (let count = 0; count < 300; count += 20)
    await Promise.all(Array.from({ length: 20 }, () => sendHostileBytes(api.url, random)));
  assert.ok((await client.discover("v1")).length > 0);
});
