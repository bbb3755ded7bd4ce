import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings } from "./settings.ts";

test("settings have defaults and come from the environment", () => {
  assert.equal(readSettings({}).port, 8080);
  assert.equal(readSettings({ PORT: "" }).port, 8080);
  const settings = readSettings({ PORT: "9", VERSION: "2", DRAIN_MS: "0", TRUST_PROXY: "true" });
  assert.deepEqual(
    [settings.port, settings.version, settings.drainMs, settings.trustProxy],
    [9, "2", 0, true],
  );
});

test("a number that cannot be meant is refused by name", () => {
  for (const value of ["-1", "5s", "70000", "NaN", "1e3"]) {
    assert.throws(() => readSettings({ PORT: value }), /PORT=.*whole number from 0 to 65535/);
  }
});
