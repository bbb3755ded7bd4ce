import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import * as fc from "fast-check";
import { createContentStore } from "../content-store.ts";
import { exampleApp } from "../testing/example-app.ts";

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "httpserver-store-"));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

test("what is kept comes back under its SHA-256, and is kept once", async (t) => {
  const dataDir = join(folder(t), "made", "on", "demand");
  const app = exampleApp(t, { dataDir });
  const payload = Buffer.from("content \0 \xff", "latin1");
  const headers = { "content-type": "a/b" };
  const kept = await app.inject({ method: "POST", url: "/store", headers, payload });
  const hash = createHash("sha256").update(payload).digest("hex");
  assert.equal(kept.statusCode, 201);
  assert.deepEqual(kept.json(), { hash });
  assert.equal((await app.inject({ method: "POST", url: "/store", headers, payload })).statusCode, 200);
  const given = await app.inject(String(kept.headers.location));
  assert.deepEqual(given.rawPayload, payload);
  assert.equal(given.headers["x-content-type-options"], "nosniff");
  assert.deepEqual(readdirSync(dataDir), [hash]);
});

test("nothing outside the folder can be read, whatever the hash is", async (t) => {
  const parent = folder(t);
  writeFileSync(join(parent, "secret"), "hunter2");
  const app = exampleApp(t, { dataDir: join(parent, "data") });
  await app.inject({ method: "POST", url: "/store", payload: "x" });
  for (const path of [
    "../secret",
    "..%2fsecret",
    "%2e%2e/secret",
    "..%5csecret",
    "%2fetc%2fpasswd",
    "a".repeat(64),
  ]) {
    const answer = await app.inject(`/store/${path}`);
    assert.ok(!answer.body.includes("hunter2"), path);
  }
  const hash = fc.oneof(fc.string(), fc.webPath(), fc.constant(`../${"a".repeat(61)}`));
  await fc.assert(
    fc.asyncProperty(hash, async (hash) => {
      const answer = await app.inject(`/store/${encodeURIComponent(hash)}`);
      assert.equal(answer.statusCode, 400);
    }),
  );
});

test("contents at the same time do not disturb each other, and nothing half-written is left", async (t) => {
  const dataDir = folder(t);
  const app = exampleApp(t, { dataDir });
  const payloads = Array.from({ length: 50 }, (_, index) => `content ${index % 25}`);
  const answers = await Promise.all(
    payloads.map((payload) => app.inject({ method: "POST", url: "/store", payload })),
  );
  assert.ok(answers.every(({ statusCode }) => statusCode === 200 || statusCode === 201));
  assert.equal(readdirSync(dataDir).length, 25);
});

test("a full store refuses, and a new process counts what is there", async (t) => {
  const path = folder(t);
  assert.equal((await createContentStore(path, 10).put(Buffer.from("12345678")))?.isNew, true);
  const store = createContentStore(path, 10);
  assert.equal(await store.put(Buffer.from("abc")), undefined);
  assert.equal((await store.put(Buffer.from("ab")))?.isNew, true);
  assert.equal((await store.put(Buffer.from("12345678")))?.isNew, false);
});

test("a folder that cannot be written to has a 500, and is tried again", async (t) => {
  const path = folder(t);
  writeFileSync(join(path, "data"), "a file");
  const app = exampleApp(t, { dataDir: join(path, "data") });
  assert.equal((await app.inject({ method: "POST", url: "/store", payload: "x" })).statusCode, 500);
  rmSync(join(path, "data"));
  assert.equal((await app.inject({ method: "POST", url: "/store", payload: "x" })).statusCode, 201);
});
