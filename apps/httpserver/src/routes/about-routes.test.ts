import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleApp } from "../testing/example-app.ts";

test("/version and /info tell who answers", async (t) => {
  const app = exampleApp(t, { podNamespace: "shop", requestsTotal: () => 42 });
  assert.deepEqual((await app.inject("/version")).json(), { version: "7", revision: "abc" });
  const info = (await app.inject("/info")).json<Record<string, unknown>>();
  assert.deepEqual(info["pod"], { name: "pod-a", namespace: "shop" });
  assert.equal(info["requestsTotal"], 42);
  assert.ok(Number(info["cpus"]) >= 1);
});

test("/env shows what is allowed, and of that no secret", async (t) => {
  const env = {
    VERSION: "7",
    POD_NAME: "pod-a",
    POD_TOKEN: "hunter2",
    HOME: "/root",
    BACKEND: "http://user:hunter2@backend:80/x",
  };
  const app = exampleApp(t, { env, envAllow: ["VERSION", "POD_*", "BACKEND", "MISSING"] });
  assert.deepEqual((await app.inject("/env")).json(), {
    BACKEND: "http://***@backend:80/x",
    POD_NAME: "pod-a",
    POD_TOKEN: "***",
    VERSION: "7",
  });
});

test("/headers shows the request's headers without credentials", async (t) => {
  const headers = {
    "x-one": "1",
    authorization: "Bearer hunter2",
    cookie: "sid=hunter2",
    "x-api-key": "hunter2",
  };
  const answer = await exampleApp(t).inject({ url: "/headers", headers });
  assert.equal(answer.json<Record<string, string>>()["x-one"], "1");
  assert.equal(answer.json<Record<string, string>>()["authorization"], "***");
  assert.ok(!answer.body.includes("hunter2"));
});
