import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { describe, it } from "node:test";
import { SeaworthyError } from "@seaworthy/errors";
import { createMetricsRegistry } from "../metrics/metrics-registry.ts";
import { watchConfig, type ConfigFiles, type LiveConfig } from "./live-config.ts";
import type { StandardSchema } from "./settings/standard-schema.ts";
import { createKubeletVolume, type KubeletVolume } from "./testing/kubelet-volume.ts";
import { recordLog } from "./testing/recorded-log.ts";

interface Numbers {
  readonly list: number[];
  readonly total: number;
}

function parse(files: ConfigFiles): Numbers {
  const list = JSON.parse(String(files.get("list.json"))) as number[];
  const total = Number(files.get("total"));
  if (list.reduce((sum, each) => sum + each, 0) !== total) throw new Error("the total is not the sum");
  return { list, total };
}

const numbers = (...list: number[]) => ({
  "list.json": JSON.stringify(list),
  total: String(list.reduce((sum, each) => sum + each, 0)),
});

const broken = { "list.json": "[1]", total: "2" };

async function start(
  volume: KubeletVolume,
  reader: (files: ConfigFiles) => Numbers | Promise<Numbers> = parse,
) {
  const log = recordLog();
  const registry = createMetricsRegistry();
  const config = await watchConfig({
    directory: volume.path,
    parse: reader,
    log,
    registry,
    debounceMs: 2,
    nowMs: () => 1_000_000,
  });
  const metric = async (name: string): Promise<number> => {
    const { body } = await registry.render();
    const line = body.split("\n").find((each) => each.startsWith(`${name} `));
    return Number(line?.slice(name.length));
  };
  return { config, log, metric, [Symbol.dispose]: () => config[Symbol.dispose]() };
}

function nextChange<T>(config: LiveConfig<T>): Promise<{ next: T; previous: T }> {
  return new Promise((resolve) => {
    const end = config.onChange((next, previous) => {
      end();
      resolve({ next, previous });
    });
  });
}

describe("a live configuration", () => {
  it("is the files' at first, and follows them as a whole", async () => {
    using volume = createKubeletVolume(numbers(1, 2));
    using started = await start(volume);
    const { config, log, metric } = started;
    const first = config.current;
    assert.deepEqual(first, { list: [1, 2], total: 3 });
    assert.equal(config.generation.number, 1);
    assert.equal(config.generation.loadedAt.getTime(), 1_000_000);
    const change = nextChange(config);
    volume.write(numbers(3, 4));
    const { next, previous } = await change;
    assert.equal(previous, first);
    assert.equal(next, config.current);
    assert.deepEqual(next, { list: [3, 4], total: 7 });
    assert.deepEqual(first, { list: [1, 2], total: 3 }, "who holds the old one keeps it");
    assert.equal(config.generation.number, 2);
    assert.deepEqual(log.messages("info"), ["configuration loaded", "configuration loaded"]);
    assert.equal(await metric("config_generation"), 2);
    assert.equal(await metric('config_reloads_total{result="success"}'), 1);
    assert.equal(await metric('config_reloads_total{result="failure"}'), 0);
    assert.equal(await metric("config_last_reload_successful"), 1);
    assert.equal(await metric("config_last_reload_success_timestamp_seconds"), 1_000);
  });

  it("cannot be changed by who uses it", async () => {
    using volume = createKubeletVolume(numbers(1));
    using started = await start(volume);
    assert.throws(() => started.config.current.list.push(2), TypeError);
  });

  it("keeps the last good one when the files are broken, and says so once", async () => {
    using volume = createKubeletVolume(numbers(1));
    using started = await start(volume);
    const { config, log, metric } = started;
    volume.write(broken);
    await assert.rejects(config.reload(), { code: "SW8004" });
    await assert.rejects(config.reload(), { code: "SW8004" });
    assert.deepEqual(config.current, { list: [1], total: 1 });
    assert.equal(config.generation.number, 1);
    assert.match(config.lastError?.message ?? "", /is not valid: the total is not the sum$/);
    assert.deepEqual(log.messages("error"), ["the configuration cannot be used, the last good one stays"]);
    const line = log.lines.at(-1)?.fields;
    assert.deepEqual([line?.["code"], line?.["files"]], ["SW8004", ["list.json", "total"]]);
    assert.equal(await metric('config_reloads_total{result="failure"}'), 1);
    assert.equal(await metric("config_last_reload_successful"), 0);
    volume.write(numbers(5));
    await config.reload();
    assert.equal(config.lastError, undefined);
    assert.deepEqual([config.current.total, config.generation.number], [5, 2]);
    assert.equal(await metric("config_last_reload_successful"), 1);
  });

  it("that comes back to the last good one is no change", async () => {
    using volume = createKubeletVolume(numbers(1));
    using started = await start(volume);
    const { config, log } = started;
    config.onChange(() => assert.fail("nothing has changed"));
    const { current } = config;
    volume.write(broken);
    await assert.rejects(config.reload());
    volume.write(numbers(1));
    await config.reload();
    assert.equal(config.current, current);
    assert.equal(config.lastError, undefined);
    assert.equal(log.lines.at(-1)?.msg, "the configuration is the last good one again");
  });

  it("keeps the last good one while the volume is away", async () => {
    using volume = createKubeletVolume(numbers(1));
    using started = await start(volume);
    const { config } = started;
    rmSync(volume.path, { recursive: true });
    await assert.rejects(config.reload(), { code: "SW8003" });
    assert.equal(config.current.total, 1);
    assert.equal(config.lastError?.code, "SW8003");
  });

  it("follows 100 swaps and ends with the last one, though none of them waits", async () => {
    using volume = createKubeletVolume(numbers(0));
    using started = await start(volume);
    const { config } = started;
    let last = 0;
    const ended = Promise.withResolvers<void>();
    config.onChange(({ total }) => {
      assert.ok(total > last, `${total} after ${last}`);
      last = total;
      if (total === 100) ended.resolve();
    });
    for (let swap = 1; swap <= 100; swap += 1) {
      volume.write(numbers(swap));
      if (swap % 10 === 0) await new Promise(setImmediate);
    }
    await ended.promise;
    assert.equal(config.current.total, 100);
  });

  it("loads one generation at a time, and only the latest of those that came meanwhile", async () => {
    using volume = createKubeletVolume(numbers(0));
    const steps = [1, 2].map(() => ({
      begun: Promise.withResolvers<void>(),
      end: Promise.withResolvers<void>(),
    }));
    const loaded: number[] = [];
    using started = await start(volume, async (files) => {
      const value = parse(files);
      const step = steps[loaded.push(value.total) - 2];
      step?.begun.resolve();
      await step?.end.promise;
      return value;
    });
    const { config } = started;
    volume.write(numbers(1));
    const first = config.reload();
    await steps[0]!.begun.promise;
    volume.write(numbers(2));
    const second = config.reload();
    volume.write(numbers(3));
    const third = config.reload();
    steps[0]!.end.resolve();
    await first;
    assert.equal(config.current.total, 1);
    await steps[1]!.begun.promise;
    steps[1]!.end.resolve();
    await Promise.all([second, third]);
    assert.deepEqual(loaded, [0, 1, 3]);
    assert.equal(config.current.total, 3);
  });

  it("does not mind a listener that fails", async () => {
    using volume = createKubeletVolume(numbers(1));
    using started = await start(volume);
    const { config, log } = started;
    config.onChange(() => {
      throw new Error("one");
    });
    config.onChange(() => Promise.reject(new Error("two")));
    const told = nextChange(config);
    volume.write(numbers(2));
    await config.reload();
    assert.equal((await told).next.total, 2);
    const errors = log.lines.filter(({ level }) => level === "error").map(({ fields }) => fields["error"]);
    assert.deepEqual(errors, ["Error: one", "Error: two"]);
  });
});

describe("the first load", () => {
  it("fails when there is nothing to read, or it is not valid", async () => {
    using volume = createKubeletVolume(broken);
    const log = recordLog();
    await assert.rejects(watchConfig({ directory: volume.path, parse, log }), { code: "SW8004" });
    await assert.rejects(watchConfig({ directory: "/none", parse, log, pauseMs: 1 }), { code: "SW8003" });
  });

  it("fails when it takes too long", async () => {
    using volume = createKubeletVolume({});
    const options = { directory: volume.path, parse: () => new Promise<never>(() => {}), log: recordLog() };
    await assert.rejects(watchConfig({ ...options, loadTimeoutMs: 5 }), /was not loaded within 5 ms/);
  });
});

/** A schema as a library would make it: a port, as a number, with a default. */
const portSchema: StandardSchema<{ port: number }> = {
  "~standard": {
    version: 1,
    vendor: "test",
    validate(value) {
      const { port = 80 } = value as { port?: unknown };
      return typeof port === "number"
        ? { value: { port } }
        : {
            issues: [
              { message: `expected a number, got ${String(port)}`, path: ["server", { key: "port" }] },
            ],
          };
    },
  },
};

describe("a schema", () => {
  const decode = (files: ConfigFiles): unknown => JSON.parse(String(files.get("config.json")));

  it("makes the value, and its issues are told with their paths", async () => {
    using volume = createKubeletVolume({ "config.json": "{}" });
    const log = recordLog();
    using config = await watchConfig({ directory: volume.path, decode, schema: portSchema, log });
    const port: number = config.current.port;
    assert.equal(port, 80);
    volume.write({ "config.json": '{"port":"hush"}' });
    await assert.rejects(config.reload(), (error: SeaworthyError) => {
      assert.deepEqual(error.details.seen, ["server.port: expected a number, got hush"]);
      return true;
    });
  });

  it("of a volume of secrets tells the path alone, and nothing else quotes a value", async () => {
    using volume = createKubeletVolume({ "config.json": "{}" });
    const log = recordLog();
    using config = await watchConfig({
      directory: volume.path,
      decode,
      schema: portSchema,
      log,
      secret: true,
    });
    for (const content of ['{"port":"hush"}', "hush"]) {
      volume.write({ "config.json": content });
      await assert.rejects(config.reload(), (error: unknown) => {
        assert.ok(error instanceof SeaworthyError);
        assert.doesNotMatch(JSON.stringify([error.message, error.details]), /hush/);
        return true;
      });
    }
    config.onChange(() => {
      throw new Error("hush");
    });
    volume.write({ "config.json": '{"port":1}' });
    await config.reload();
    const text = JSON.stringify(log.lines);
    assert.doesNotMatch(text, /hush/);
    assert.ok(!text.includes(config.generation.id));
    assert.match(text, /"server\.port"/);
  });
});
