import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { readStartSettings, type Settings } from "./settings.ts";

/** Reads the settings with files in a folder of their own; `at` says where CONFIG points to in it. */
function readWith(
  files: Readonly<Record<string, string>>,
  { at = ".", argv = [], env = {} }: { at?: string; argv?: string[]; env?: Record<string, string> } = {},
): Settings {
  const folder = mkdtempSync(path.join(tmpdir(), "httpserver-settings-"));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(path.join(folder, name), content);
    return readStartSettings({ argv, env: { CONFIG: path.join(folder, at), ...env } });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("a flag counts before the environment, and that before the file", () => {
  const files = { "config.yaml": "port: 1\nh2cPort: 1\nhttpsPort: 1\n" };
  const settings = readWith(files, {
    env: { PORT: "2", H2C_PORT: "2" },
    argv: ["--port=3"],
  });
  assert.deepEqual([settings.port, settings.h2cPort, settings.httpsPort], [3, 2, 1]);
});

test("the file is one of a folder, or a file of any name, in YAML or JSON", () => {
  assert.equal(readWith({ "config.yml": "port: 7", "other.txt": "port: 8" }).port, 7);
  assert.equal(readWith({ "config.json": '{"port": 7}' }).port, 7);
  assert.equal(readWith({ "server.conf": "port: 7" }, { at: "server.conf" }).port, 7);
  assert.equal(readWith({ "other.yaml": "port: 7" }).port, 8080);
  assert.throws(() => readWith({}, { at: "missing.yaml" }), { code: "SW8003" });
});

test("a delay is a number or a spread, and anything else is refused by name", () => {
  assert.equal(readWith({ "config.yaml": "delay: 250" }).delay, "250");
  assert.equal(readWith({ "config.yaml": "delay: 0..2000" }).delay, "0..2000");
  assert.equal(readWith({}, { env: { DELAY: "normal(200,50)" } }).delay, "normal(200,50)");
  for (const delay of ["-1", "5s", "2000..0", "1e9"]) {
    assert.throws(() => readWith({}, { env: { DELAY: delay } }), {
      code: "SW8001",
      message: /^DELAY cannot/,
    });
  }
  assert.throws(() => readWith({ "config.yaml": "delay: [1]" }), /config\.yaml:1 delay/);
});

test("the server's own name is the default one", () => {
  assert.equal(readStartSettings({ argv: [], env: {} }).serviceName, "httpserver");
});
