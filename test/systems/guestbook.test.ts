import assert from "node:assert/strict";
import { test } from "node:test";
import { resourceTypes, type Pod } from "@seaworthy/kube";
import { noRedisServer } from "../../apps/httpserver/src/testing/redis-server.ts";
import { ask, until } from "./ask.ts";
import { noPodNetwork, startUp } from "./start-up.ts";

const skip = noPodNetwork || noRedisServer;
const run = ["--run", `docker.io/library/redis=${process.env["REDIS_SERVER"] ?? "redis-server"}`];

test(
  "the parts of the guestbook reach each other, and Redis keeps what it has",
  { skip, timeout: 90_000 },
  async () => {
    await using system = await startUp("examples/guestbook", ...run);
    const headers = { host: "guestbook.localhost" };
    const url = `http://127.0.0.1:${system.port}/`;
    const written = await ask(url, { method: "POST", headers, body: "a friend was here" });
    assert.equal(written.status, 202);
    const read = async () => {
      const { status, text } = await ask(url, { headers });
      return status === 200 && text.includes("a friend was here") ? text : undefined;
    };
    const first = await until(read);

    const { pods } = resourceTypes;
    const before = await system.client.get<Pod>(pods, "default", "redis-0");
    await system.client.delete(pods, "default", "redis-0", { gracePeriodSeconds: 1 });
    await until(async () => {
      const { items } = await system.client.list<Pod>(pods, { fieldSelector: "metadata.name=redis-0" });
      return items.find(({ metadata }) => metadata.uid !== before.metadata.uid);
    });
    assert.equal(await until(read), first);
  },
);
