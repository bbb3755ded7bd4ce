import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings } from "./read-settings.ts";
import { boolean, choice, integer, json, list, text } from "./setting.ts";
import { describeSettings, settingsHelp, settingsTable } from "./settings-table.ts";

const table = {
  drainMs: integer({ default: 5000, max: 60_000, help: "How long it serves after SIGTERM, in ms" }),
  http2: boolean({ default: true, help: "Speaks HTTP/2." }),
  logLevel: choice({ choices: ["info", "a|b"], default: "info", help: "Least level", live: true }),
  backends: list({ default: ["a", "b"], help: "Where /echo asks on" }),
  routes: json({ default: [{ path: "/" }], parse: (value) => value, help: "Routes" }),
  jwtSecret: text({ default: "never shown", secret: true, help: "Signs tokens" }),
};

test("the table has a line for each setting, with all its names", () => {
  assert.equal(
    settingsTable(table),
    [
      "| flag | environment | file | default | meaning |",
      "| --- | --- | --- | --- | --- |",
      "| `--drain-ms INTEGER` | `DRAIN_MS` | `drainMs` | `5000` | How long it serves after SIGTERM, in ms. A whole number from 0 to 60000. |",
      "| `--no-http2` | `HTTP2` | `http2` | `true` | Speaks HTTP/2. |",
      "| `--log-level CHOICE` | `LOG_LEVEL` | `logLevel` | `info` | Least level. One of info, a\\|b. Changes without a restart. |",
      "| `--backends LIST` | `BACKENDS` | `backends` | `a,b` | Where /echo asks on. |",
      '| `--routes JSON` | `ROUTES` | `routes` | `[{"path":"/"}]` | Routes. |',
      "| – | `JWT_SECRET` or `JWT_SECRET_FILE` | `jwtSecret` | – | Signs tokens. |",
      "",
    ].join("\n"),
  );
});

test("the help names every flag, and no secret's default", () => {
  const help = settingsHelp(table, { usage: "Usage: node main.ts [flags]" });
  assert.match(
    help,
    /^Usage: node main\.ts \[flags\]\n\n {2}--drain-ms INTEGER\n {6}How long .* Default 5000\.\n/,
  );
  assert.match(help, /JWT_SECRET, JWT_SECRET_FILE/);
  assert.doesNotMatch(help, /never shown/);
});

test("a description shows values, and of a secret only that it is set", () => {
  const described = describeSettings(readSettings(table, {}).values, table);
  assert.deepEqual(described["drainMs"], 5000);
  assert.equal(described["jwtSecret"], "***");
  const without = { token: text({ default: undefined, secret: true, help: "Token" }) };
  assert.deepEqual(describeSettings(readSettings(without, {}).values, without), { token: undefined });
});
