import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings, serviceSettings } from "@seaworthy/service";
import { applicationSettings } from "./application-settings.ts";

const table = { ...serviceSettings, ...applicationSettings };

test("the server runs with no settings at all, and then has no secret, no administrator and no panic", () => {
  const { values } = readSettings(table, { env: {} });
  assert.deepEqual(
    [values.version, values.unmatched, values.admin, values.allowPanic],
    ["unknown", "echo", false, false],
  );
  assert.deepEqual(
    [values.jwtSecret, values.cacheUrl, values.dataDir, values.routes.size],
    [undefined, undefined, undefined, 0],
  );
});

test("settings come from the environment", () => {
  const env = {
    ROUTES: `{"/route1": "route1's content"}`,
    UNMATCHED: "404",
    BACKEND_URLS: "http://a:80/x, https://b/y",
    JWT_SECRET: "0123456789abcdef0123456789abcdef",
    CACHE_URL: "redis://:password@redis:6379",
    ENV_ALLOW: "POD_*",
  };
  const { values } = readSettings(table, { env });
  assert.equal(values.routes.get("/route1"), "route1's content");
  assert.deepEqual(values.backendUrls, ["http://a:80/x", "https://b/y"]);
  assert.deepEqual([values.unmatched, values.jwtSecret, values.envAllow], ["404", env.JWT_SECRET, ["POD_*"]]);
});

for (const [name, value] of [
  ["ROUTES", `{"route1": "no slash"}`],
  ["ROUTES", "{"],
  ["UNMATCHED", "500"],
  ["BACKEND_URLS", "ftp://a"],
  ["BACKEND_URLS", "a"],
  ["BACKEND_URLS", Array.from({ length: 17 }, () => "http://a").join(",")],
  ["BACKEND_TIMEOUT_MS", "0"],
  ["JWT_SECRET", "x".repeat(31)],
  ["JWT_SECRET", "short"],
  ["CACHE_URL", "http://redis"],
  ["ADMIN_TOKEN", "short"],
] as const) {
  test(`${name}=${value.slice(0, 40)} is refused by name`, () => {
    assert.throws(() => readSettings(table, { env: { [name]: value } }), new RegExp(name));
  });
}

test("what is refused of a secret is not told", () => {
  assert.throws(
    () => readSettings(table, { env: { CACHE_URL: "http://:hunter2@redis" } }),
    (error: Error) => !JSON.stringify([error.message, error]).includes("hunter2"),
  );
});
