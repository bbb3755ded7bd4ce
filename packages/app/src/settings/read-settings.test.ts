import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { SeaworthyError } from "@seaworthy/errors";
import { parseSettings, readSettings } from "./read-settings.ts";

test("settings are read; what is absent stays absent", () => {
  const settings = parseSettings(
    "run:\n  shop: node server.js\ntrial:\n  rate: 500\n  path: /healthz\n",
    "seaworthy.yaml",
    "/repo",
  );
  assert.deepEqual(settings, {
    file: "seaworthy.yaml",
    cwd: "/repo",
    run: { shop: "node server.js" },
    trial: { rate: 500, path: "/healthz" },
    check: { rules: [] },
  });
  assert.deepEqual(parseSettings("", "seaworthy.yaml", "/repo").run, {});
});

test("an image may bring a stop signal, a user and variables of its own", () => {
  const text =
    "run:\n  nginx: { command: nginx -g 'daemon off;', stopSignal: SIGQUIT, user: 101 }\n  fpm:\n    command: php-fpm\n    user: www-data\n    env: { PORT: 9000, MODE: prod }\n";
  assert.deepEqual(parseSettings(text, "seaworthy.yaml", "/repo").run, {
    nginx: { command: "nginx -g 'daemon off;'", stopSignal: "SIGQUIT", user: "101" },
    fpm: { command: "php-fpm", user: "www-data", env: { PORT: "9000", MODE: "prod" } },
  });
});

test("what is checked can be chosen, rule by rule", () => {
  const text =
    "check:\n  profile: strict\n  failOn: error\n  rules:\n    no-drain: off\n    one-replica: error\n";
  const { rules, ...check } = parseSettings(text, "seaworthy.yaml", "/repo").check;
  assert.deepEqual(check, { profile: "strict", failOn: "error" });
  assert.deepEqual(
    rules.map(({ id, level, place }) => `${place?.line} ${id} ${level}`),
    ["5 no-drain off", "6 one-replica error"],
  );
});

const bad: readonly [text: string, code: string, line: number][] = [
  ["run: {a: b}\nrum: 1\n", "SW1103", 2],
  ["trial:\n  rate: fast\n", "SW1105", 2],
  ["run: [a]\n", "SW1105", 1],
  ["check:\n  rules:\n    no-drain: serious\n", "SW1105", 3],
  ["check:\n  rule: {}\n", "SW1103", 2],
  ["run: {a: b}\nrun: {c: d}\n", "SW1102", 2],
  ["run: [\n", "SW1101", 2],
  ["run:\n  a:\n    command: b\n    stopsignal: QUIT\n", "SW1103", 4],
  ["run:\n  a:\n    stopSignal: QUIT\n", "SW1110", 3],
  ["run:\n  a: { command: b, stopSignal: 3 }\n", "SW1105", 2],
  ["run:\n  a: { command: b, env: [1] }\n", "SW1105", 2],
  ["run:\n  a: { command: b, user: [1] }\n", "SW1105", 2],
];

for (const [text, code, line] of bad) {
  test(`bad settings: ${JSON.stringify(text)}`, () => {
    assert.throws(
      () => parseSettings(text, "seaworthy.yaml", "/repo"),
      (error: unknown) =>
        error instanceof SeaworthyError && error.code === code && error.details.place?.line === line,
    );
  });
}

test("a settings file that everybody may have written is not obeyed, wherever it was found", async () => {
  const parent = await mkdtemp(join(tmpdir(), "read-settings-"));
  try {
    const file = join(parent, "seaworthy.yaml");
    await mkdir(join(parent, "app", "k8s"), { recursive: true });
    await writeFile(file, "run: { shop: 'node server.js' }\n");
    assert.deepEqual((await readSettings("app/k8s", parent)).run, { shop: "node server.js" });
    await chmod(parent, 0o1777);
    await assert.rejects(readSettings("app/k8s", parent), { code: "SW1302" });
    await chmod(parent, 0o755);
    await chmod(file, 0o666);
    await assert.rejects(readSettings("app/k8s", parent), { code: "SW1302" });
  } finally {
    await rm(parent, { recursive: true });
  }
});
