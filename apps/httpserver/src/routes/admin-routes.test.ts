import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { exampleApp } from "../testing/example-app.ts";
import { adminPaths } from "./admin-routes.ts";

const adminToken = "an-admin-token-of-some-length";

test("without ADMIN nothing of it exists", async (t) => {
  const done: unknown[] = [];
  const app = exampleApp(t, {
    setReady: (ready) => done.push(ready),
    allowPanic: true,
    panic: () => done.push("panic"),
  });
  for (const url of adminPaths) {
    assert.equal(
      (await app.inject({ method: "POST", url })).statusCode,
      url === "/faults" || url === "/log-level" ? 405 : 404,
    );
    assert.equal((await app.inject({ method: "PUT", url, payload: {} })).statusCode === 200, false);
  }
  assert.equal((await app.inject("/faults")).statusCode, 404);
  assert.deepEqual(done, []);
});

test("readiness is switched", async (t) => {
  const switched: boolean[] = [];
  const app = exampleApp(t, { admin: true, setReady: (ready) => switched.push(ready) });
  assert.deepEqual((await app.inject({ method: "POST", url: "/readyz/disable" })).json(), { ready: false });
  assert.deepEqual((await app.inject({ method: "POST", url: "/readyz/enable" })).json(), { ready: true });
  assert.deepEqual(switched, [false, true]);
});

test("with a token only who brings it may", async (t) => {
  const app = exampleApp(t, { admin: true, adminToken });
  for (const authorization of [
    undefined,
    "",
    "Bearer wrong",
    `Basic ${adminToken}`,
    `Bearer ${adminToken}x`,
    "Bearer ",
  ]) {
    const headers = authorization === undefined ? {} : { authorization };
    const answer = await app.inject({ url: "/log-level", headers });
    assert.equal(answer.statusCode, 401, authorization);
    assert.equal(answer.headers["www-authenticate"], 'Bearer realm="admin"');
  }
  const headers = { authorization: `Bearer ${adminToken}` };
  assert.equal((await app.inject({ url: "/log-level", headers })).statusCode, 200);
});

test("another site's page may not", async (t) => {
  const app = exampleApp(t, { admin: true });
  const ask = async (site: string) =>
    (await app.inject({ method: "POST", url: "/readyz/disable", headers: { "sec-fetch-site": site } }))
      .statusCode;
  assert.deepEqual(
    [await ask("cross-site"), await ask("same-site"), await ask("same-origin")],
    [403, 403, 200],
  );
});

test("faults are set, and rules that cannot be are refused with the reason", async (t) => {
  let rules: readonly object[] = [];
  const faults = {
    enable: () => undefined,
    disable: () => undefined,
    set(next: readonly object[]) {
      if (next.length > 1) throw new Error("rules[1] cannot be");
      rules = next;
    },
    status: () => ({ rules }),
  };
  const app = exampleApp(t, { admin: true, faults });
  const put = async (payload: object) => await app.inject({ method: "PUT", url: "/faults", payload });
  assert.deepEqual((await put({ rules: [{ delay: 5 }] })).json(), { rules: [{ delay: 5 }] });
  const refused = await put({ rules: [{}, {}] });
  assert.equal(refused.statusCode, 400);
  assert.match(refused.body, /rules\[1\] cannot be/);
  assert.equal((await put({ rules: 5 })).statusCode, 400);
  assert.deepEqual((await app.inject("/faults")).json(), { rules: [{ delay: 5 }] });
});

test("the log's level is told and changed", async (t) => {
  const log = {
    level: "info",
    levels: ["info", "debug"],
    setLevel(level: string) {
      log.level = level;
    },
  };
  const app = exampleApp(t, { admin: true, log });
  assert.equal(
    (await app.inject({ method: "PUT", url: "/log-level", payload: { level: "loud" } })).statusCode,
    400,
  );
  assert.deepEqual(
    (await app.inject({ method: "PUT", url: "/log-level", payload: { level: "debug" } })).json(),
    { level: "debug" },
  );
  assert.deepEqual((await app.inject("/log-level")).json(), { level: "debug" });
});

test("a panic needs to be allowed", async (t) => {
  let panics = 0;
  const panic = () => void (panics += 1);
  assert.equal(
    (await exampleApp(t, { admin: true, panic }).inject({ method: "POST", url: "/panic" })).statusCode,
    404,
  );
  assert.equal(panics, 0);
  const app = exampleApp(t, { admin: true, allowPanic: true, panic });
  assert.equal((await app.inject({ method: "POST", url: "/panic" })).statusCode, 202);
  assert.equal(panics, 1);
});

test("a panic is answered and then ends the process with 1", async (t) => {
  const source = `
    import { createApp } from ${JSON.stringify(new URL("../create-app.ts", import.meta.url).href)};
    import { exampleParts } from ${JSON.stringify(new URL("../testing/example-app.ts", import.meta.url).href)};
    const app = createApp({ ...exampleParts, admin: true, allowPanic: true });
    const origin = await app.listen({ port: 0, host: "127.0.0.1" });
    const { status } = await fetch(origin + "/panic", { method: "POST" });
    console.log(status);`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", source], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  t.after(() => child.kill("SIGKILL"));
  const stderr = child.stderr.setEncoding("utf8").toArray();
  const [code] = (await once(child, "exit")) as [number];
  assert.equal(code, 1);
  assert.match((await stderr).join(""), /POST \/panic asked for this crash/);
});
