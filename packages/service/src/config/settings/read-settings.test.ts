import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { SeaworthyError } from "@seaworthy/errors";
import * as fc from "fast-check";
import { readSettings, type SettingsSources } from "./read-settings.ts";
import { boolean, choice, integer, json, list, number, text } from "./setting.ts";

const table = {
  port: integer({ default: 8080, min: 1, max: 65_535, help: "Listens here" }),
  graceSeconds: integer({ default: undefined, help: "Grace" }),
  errorRate: number({ default: 0, max: 1, help: "Share" }),
  faults: boolean({ default: false, help: "Faults" }),
  http2: boolean({ default: true, help: "HTTP/2" }),
  version: text({ default: "unknown", help: "Version" }),
  podName: text({ default: undefined, help: "Pod" }),
  logLevel: choice({ choices: ["debug", "info", "error"], default: "info", help: "Level", live: true }),
  backends: list({ default: [], help: "Backends" }),
  routes: json({ default: {}, parse: asObject, help: "Routes" }),
  jwtSecret: text({ default: undefined, secret: true, minLength: 8, help: "Key" }),
};

function asObject(value: unknown): object {
  if (typeof value !== "object" || value === null) throw new TypeError("use a map of routes");
  return value;
}

function problemOf(sources: SettingsSources): SeaworthyError {
  try {
    readSettings(table, sources);
  } catch (error) {
    assert.ok(error instanceof SeaworthyError);
    return error;
  }
  return assert.fail("nothing was thrown");
}

const everythingOf = (error: SeaworthyError) => JSON.stringify([error.message, error.details]);

describe("where a setting comes from", () => {
  it("takes the flag before the environment before the file before the default", () => {
    const file = { path: "config.yaml", text: "port: 3\nversion: file\nfaults: true\n" };
    const env = { PORT: "2", VERSION: "env", LOG_LEVEL: "" };
    const { values, origin } = readSettings(table, { argv: ["--port", "1"], env, file });
    assert.deepEqual([values.port, origin.port], [1, "flag"]);
    assert.deepEqual([values.version, origin.version], ["env", "environment"]);
    assert.deepEqual([values.faults, origin.faults], [true, "file"]);
    assert.deepEqual([values.logLevel, origin.logLevel], ["info", "default"]);
    assert.ok(Object.isFrozen(values));
  });

  it("reads every kind from flags, from the environment and from a file, to the same values", () => {
    const texts = {
      PORT: "81",
      GRACE_SECONDS: "30",
      ERROR_RATE: "0.25",
      FAULTS: "True",
      HTTP2: "0",
      VERSION: "1.10",
      POD_NAME: "a-1",
      LOG_LEVEL: "debug",
      BACKENDS: "a, b,,",
      ROUTES: '{"/a":"b"}',
    };
    const expected = {
      port: 81,
      graceSeconds: 30,
      errorRate: 0.25,
      faults: true,
      http2: false,
      version: "1.10",
      podName: "a-1",
      logLevel: "debug",
      backends: ["a", "b"],
      routes: { "/a": "b" },
      jwtSecret: undefined,
    };
    const argv = Object.entries(texts).map(
      ([name, value]) => `--${name.toLowerCase().replaceAll("_", "-")}=${value}`,
    );
    const file = { path: "config.json", text: JSON.stringify(expected) };
    for (const sources of [{ env: texts }, { argv }, { file }])
      assert.deepEqual(readSettings(table, sources).values, expected);
  });

  it("gives values in the types of their kinds", () => {
    const { values } = readSettings(table, {});
    const port: number = values.port;
    const grace: number | undefined = values.graceSeconds;
    const level: "debug" | "info" | "error" = values.logLevel;
    const version: string = values.version;
    const backends: readonly string[] = values.backends;
    // @ts-expect-error a text without a default may be undefined
    const podName: string = values.podName;
    // @ts-expect-error the default must be one of the choices
    choice({ choices: ["a", "b"], default: "c", help: "" });
    assert.deepEqual(
      [port, grace, level, version, backends, podName],
      [8080, undefined, "info", "unknown", [], undefined],
    );
  });
});

describe("flags", () => {
  const read = (...argv: string[]) => readSettings(table, { argv }).values;

  it("has its value after = or as the next argument, and the last one counts", () => {
    assert.equal(read("--port=5").port, 5);
    assert.equal(read("--port", "5", "--port", "6").port, 6);
    assert.equal(read("--version=").version, "");
    assert.equal(read("--version=a=b").version, "a=b");
    assert.equal(read("--pod-name", "-x").podName, "-x");
  });

  it("of a boolean may be bare, and turned round with --no-", () => {
    assert.equal(read("--faults").faults, true);
    assert.equal(read("--faults", "--port=1").faults, true);
    assert.equal(read("--faults", "FALSE").faults, false);
    assert.equal(read("--no-http2").http2, false);
    assert.equal(read("--no-http2=false").http2, true);
    assert.equal(problemOf({ argv: ["--faults=maybe"] }).code, "SW8001");
  });

  it("that are unknown are refused with the nearest name, and without their values", () => {
    const error = problemOf({ argv: ["--prot", "hush", "--porr=hush", "hush"] });
    assert.equal(error.code, "SW8002");
    assert.match(
      everythingOf(error),
      /unknown flag --prot.*unknown flag --porr.*argument 4 belongs to no flag/,
    );
    assert.match(everythingOf(error), /did you mean --port\?/);
    assert.doesNotMatch(everythingOf(error), /hush/);
  });

  it("need a value", () => {
    assert.equal(problemOf({ argv: ["--port"] }).message, "--port has no value");
    assert.equal(problemOf({ argv: ["--port", "--faults"] }).message, "--port has no value");
  });
});

describe("problems", () => {
  it("are told all at once, each with its source and what is allowed", () => {
    const error = problemOf({
      argv: ["--log-level=loud"],
      env: { PORT: "0", ERROR_RATE: "2" },
      file: {
        path: "c.yaml",
        text: "# top\nversion: 1.10\nrutes: {}\nfaults: yes\nbackends: a\nroutes: 5\n",
      },
    });
    assert.equal(error.code, "SW8002");
    assert.match(error.message, /^8 settings cannot be used: /);
    assert.deepEqual(error.details.next, [
      "c.yaml:3 rutes: did you mean routes?",
      "PORT: use a whole number from 1 to 65535",
      "ERROR_RATE: use a number from 0 to 1",
      "c.yaml:4 faults: use true or false",
      "c.yaml:2 version: use text (in quotes in the file)",
      "--log-level: use one of debug, info, error",
      "c.yaml:5 backends: use words with commas between them (in the file: a list of texts)",
      "c.yaml:6 routes: use a map of routes",
    ]);
  });

  it("of a file that is no map or no YAML are SW8003 with the line, and never quote it", () => {
    for (const [content, line] of [
      ["port: 1\njwtSecret: 'hush\n", 3],
      ["port: 1\njwtSecret: hush\n  hush: [\n", 4],
      ["- hush\n", 1],
      ['{"jwtSecret": "hush"', 1],
      ["port: 1\nport: 2\n", 2],
      ["port: 1\njwtSecret: *hush\n", 2],
    ] as const) {
      const error = problemOf({ file: { path: "c.yaml", text: content } });
      assert.equal(error.code, "SW8003", content);
      assert.ok(everythingOf(error).includes(`c.yaml:${line}`), `${content} ${everythingOf(error)}`);
      assert.doesNotMatch(everythingOf(error), /hush/, content);
    }
  });

  it("of a file with nothing in it do not exist", () => {
    for (const content of ["", "# nothing\n", "port:\n", "{}"])
      assert.equal(readSettings(table, { file: { path: "c.yaml", text: content } }).values.port, 8080);
  });

  it("show the trap of Kubernetes' service links", () => {
    const next = problemOf({ env: { PORT: "tcp://10.0.0.1:80" } }).details.next?.[0] ?? "";
    assert.match(next, /enableServiceLinks: false/);
  });
});

describe("secrets", () => {
  it("come from the environment, from a file that NAME_FILE names, or from the configuration file", (context) => {
    const folder = mkdtempSync(join(tmpdir(), "settings-"));
    context.after(() => rmSync(folder, { recursive: true }));
    const path = join(folder, "key");
    writeFileSync(path, "from a file\n");
    assert.equal(readSettings(table, { env: { JWT_SECRET: "from here" } }).values.jwtSecret, "from here");
    const { values, origin } = readSettings(table, { env: { JWT_SECRET_FILE: path, JWT_SECRET: "" } });
    assert.deepEqual([values.jwtSecret, origin.jwtSecret], ["from a file", "environment"]);
    // Only secrets are read in this way.
    assert.equal(readSettings(table, { env: { VERSION_FILE: path } }).values.version, "unknown");
  });

  it("name the variable when the file is missing, empty, or not the only one", () => {
    const cases: [SettingsSources["env"] & object, string | Error][] = [
      [{ JWT_SECRET_FILE: "/none" }, new Error("ENOENT")],
      [{ JWT_SECRET_FILE: "/empty" }, "\n"],
      [{ JWT_SECRET_FILE: "/both", JWT_SECRET: "hush hush" }, "hush hush"],
      [{ JWT_SECRET_FILE: "/short" }, "hush"],
    ];
    for (const [env, content] of cases) {
      const readFile = () => {
        if (content instanceof Error) throw content;
        return content;
      };
      const error = problemOf({ env, readFile });
      assert.match(error.message, /JWT_SECRET_FILE/);
      assert.doesNotMatch(everythingOf(error), /hush/);
    }
  });

  it("are not taken from the command line, and not repeated from it", () => {
    for (const argv of [["--jwt-secret", "hushhush"], ["--jwt-secret=hushhush"]]) {
      const error = problemOf({ argv });
      assert.equal(error.code, "SW8001");
      assert.match(everythingOf(error), /set JWT_SECRET, or JWT_SECRET_FILE/);
      assert.doesNotMatch(everythingOf(error), /hush/);
    }
  });
});

describe("any input", () => {
  it("gives a value within its limits, or SW8001 with the variable's name", () => {
    const value = fc.oneof(
      fc.string(),
      fc.double().map(String),
      fc.integer().map(String),
      fc.bigInt().map(String),
    );
    fc.assert(
      fc.property(value, (PORT) => {
        try {
          const { port } = readSettings(table, { env: { PORT } }).values;
          assert.ok(Number.isInteger(port) && port >= 1 && port <= 65_535);
        } catch (error) {
          assert.ok(error instanceof SeaworthyError);
          assert.equal(error.code, "SW8001");
          assert.equal(error.details.field, "PORT");
          assert.match(error.message, /^PORT cannot be /);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("on the command line gives settings or a SeaworthyError", () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom("--port", "--faults", "--no-faults", "--jwt-secret", "1"),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (argv) => {
        try {
          assert.equal(typeof readSettings(table, { argv }).values.faults, "boolean");
        } catch (error) {
          assert.ok(error instanceof SeaworthyError);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("in a file gives settings or a SeaworthyError", () => {
    const content = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .array(fc.tuple(fc.constantFrom(...Object.keys(table)), fc.string()), { maxLength: 4 })
        .map((pairs) => pairs.map(([key, value]) => `${key}: ${value}\n`).join("")),
    );
    fc.assert(
      fc.property(content, (written) => {
        try {
          readSettings(table, { file: { path: "c.yaml", text: written } });
        } catch (error) {
          assert.ok(error instanceof SeaworthyError, String(error));
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("as a secret appears in no message", () => {
    const secret = fc.string({ minLength: 1, maxLength: 7, unit: fc.constantFrom("Ω", "ß", "ж", "字") });
    fc.assert(
      fc.property(secret, (JWT_SECRET) => {
        assert.ok(!everythingOf(problemOf({ env: { JWT_SECRET } })).includes(JWT_SECRET));
      }),
    );
  });
});
