import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { type OtlpReceiver, startOtlpReceiver } from "./testing/otlp-receiver.ts";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const parentId = "00f067aa0ba902b7";

interface ServiceProcess extends AsyncDisposable {
  readonly url: string;
  /** Sends SIGTERM, and gives the exit code. */
  end(): Promise<number | null>;
}

async function startService(name: string, env: Record<string, string | undefined>): Promise<ServiceProcess> {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL("testing/traced-service.ts", import.meta.url))],
    {
      env: { ...process.env, OTEL_SERVICE_NAME: name, DRAIN_MS: "0", QUIET_MS: "0", ...env },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const exited = once(child, "exit") as Promise<[number | null]>;
  const ready = Promise.withResolvers<number>();
  createInterface({ input: child.stdout })
    .on("line", (text) => {
      const { msg, ports } = JSON.parse(text) as { msg: string; ports?: readonly number[] };
      if (msg === "ready") ready.resolve(ports?.[0] ?? 0);
    })
    .on("close", () => ready.reject(new Error(`${name} ended before it was ready`)));
  const port = await ready.promise;

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    child.kill(signal);
    return (await exited)[0];
  }
  return {
    url: `http://127.0.0.1:${port}`,
    end: () => end("SIGTERM"),
    async [Symbol.asyncDispose]() {
      await end("SIGKILL");
    },
  };
}

async function startTwo(env: Record<string, string | undefined>) {
  await using started = new AsyncDisposableStack();
  const second = started.use(await startService("second", env));
  const first = started.use(await startService("first", { ...env, NEXT_URL: second.url }));
  const running = started.move();
  return {
    first,
    /** Asks the first service, which asks the second, and gives the headers that the second one got. */
    async call(headers: Record<string, string>): Promise<Record<string, string | undefined>> {
      return (await (await fetch(`${first.url}/call?token=secret`, { headers })).json()) as Record<
        string,
        string
      >;
    },
    end: async () => [await first.end(), await second.end()],
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

const traced = (receiver: OtlpReceiver): Record<string, string> => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
  OTEL_BSP_SCHEDULE_DELAY: "10",
});

test("two services are in one trace, whatever the format in which it comes", async (t) => {
  await using receiver = await startOtlpReceiver();
  await using services = await startTwo(traced(receiver));
  const cases: readonly [string, Record<string, string>, string | undefined, string | undefined][] = [
    ["W3C", { traceparent: `00-${traceId}-${parentId}-01`, tracestate: "congo=t61" }, traceId, parentId],
    ["B3 in one header", { b3: `${traceId}-${parentId}-1-05e3ac9a4f6e3b90` }, traceId, parentId],
    [
      "B3 in several headers, 64 bits",
      { "x-b3-traceid": traceId.slice(16), "x-b3-spanid": parentId, "x-b3-sampled": "1" },
      traceId.slice(16).padStart(32, "0"),
      parentId,
    ],
    ["none", {}, undefined, undefined],
  ];
  for (const [format, headers, expectedTraceId, expectedParent] of cases) {
    await t.test(format, async () => {
      const before = receiver.spans.length;
      await services.call(headers);
      await receiver.waitFor(before + 2);
      const spans = receiver.spans.slice(before);
      const [first, second] = ["first", "second"].map((name) =>
        spans.find(({ service }) => service === name),
      );
      assert.ok(first !== undefined && second !== undefined);
      assert.deepEqual(
        spans.map((span) => span.traceId),
        [first.traceId, first.traceId],
      );
      if (expectedTraceId === undefined) assert.match(first.traceId, /^[\da-f]{32}$/);
      else assert.equal(first.traceId, expectedTraceId);
      assert.deepEqual([first.parentSpanId, second.parentSpanId], [expectedParent, first.spanId]);
      assert.deepEqual([first.isParentRemote, second.isParentRemote], [expectedParent !== undefined, true]);
      assert.deepEqual([first.name, first.kind, first.status], ["GET /call", 2, 0]);
      assert.deepEqual([second.name, second.kind, second.status], ["GET /answer", 2, 0]);
      assert.deepEqual([first.traceState, second.traceState], Array(2).fill(headers["tracestate"]));
      assert.notEqual(first.instance, second.instance);
      const { "server.port": port, "user_agent.original": userAgent, ...attributes } = first.attributes;
      assert.equal(`http://127.0.0.1:${port}`, services.first.url);
      assert.equal(userAgent, "node");
      assert.deepEqual(attributes, {
        "http.request.method": "GET",
        "http.response.status_code": 200,
        "http.route": "/call",
        "url.path": "/call",
        "url.scheme": "http",
        "network.protocol.version": "1.1",
        "server.address": "127.0.0.1",
        "client.address": "127.0.0.1",
      });
    });
  }
  assert.deepEqual(await services.end(), [0, 0]);
  assert.equal(receiver.spans.length, cases.length * 2);
  assert.deepEqual(new Set(receiver.requests), new Set(["POST /v1/traces application/json"]));
});

test("a trace that the caller does not record is passed on as such and not exported", async () => {
  await using receiver = await startOtlpReceiver();
  await using services = await startTwo(traced(receiver));
  const seen = await services.call({
    traceparent: `00-${traceId}-${parentId}-00`,
    tracestate: "congo=t61",
    baggage: "user=7",
    "x-request-id": "r1",
  });
  assert.equal(seen["traceparent"], `00-${traceId}-${parentId}-00`);
  assert.deepEqual(
    [seen["tracestate"], seen["baggage"], seen["x-request-id"]],
    ["congo=t61", "user=7", "r1"],
  );
  const denied = await services.call({ b3: "0" });
  assert.match(denied["b3"] ?? "", /^[\da-f]{32}-[\da-f]{16}-0$/);
  assert.match(denied["traceparent"] ?? "", /-00$/);
  assert.deepEqual(await services.end(), [0, 0]);
  assert.deepEqual(receiver.requests, []);
});

test("with tracing off the headers that a mesh needs are passed on unchanged", async () => {
  await using services = await startTwo({ OTEL_EXPORTER_OTLP_ENDPOINT: undefined });
  const headers = {
    "x-request-id": "r1",
    traceparent: `00-${traceId}-${parentId}-01`,
    tracestate: "congo=t61, rojo=1",
    baggage: "user=7",
    b3: `${traceId}-${parentId}-1-05e3ac9a4f6e3b90`,
    "x-b3-traceid": traceId,
    "x-b3-spanid": parentId,
    "x-b3-parentspanid": "05e3ac9a4f6e3b90",
    "x-b3-sampled": "1",
    "x-b3-flags": "0",
    "x-ot-span-context": "a;b",
    "x-cloud-trace-context": `${traceId}/1;o=1`,
    "grpc-trace-bin": "AAAA",
    "x-datadog-trace-id": "1",
    "x-datadog-parent-id": "2",
    "x-datadog-sampling-priority": "1",
  };
  const seen = await services.call({ ...headers, authorization: "Bearer secret", "x-other": "1" });
  assert.deepEqual(Object.fromEntries(Object.keys(headers).map((name) => [name, seen[name]])), headers);
  assert.deepEqual([seen["authorization"], seen["x-other"]], [undefined, undefined]);
  assert.deepEqual(await services.end(), [0, 0]);
});

test("the last spans are sent before the process ends", async () => {
  await using receiver = await startOtlpReceiver();
  await using service = await startService("only", {
    ...traced(receiver),
    OTEL_BSP_SCHEDULE_DELAY: "600000",
    POD_NAME: "pod-1",
  });
  await (await fetch(`${service.url}/fail`)).text();
  await (await fetch(`${service.url}/nowhere`)).text();
  assert.equal(receiver.spans.length, 0);
  assert.equal(await service.end(), 0);
  const [fail, nowhere] = receiver.spans;
  assert.deepEqual(
    [receiver.spans.length, fail?.name, fail?.status, fail?.instance],
    [2, "GET /fail", 2, "pod-1"],
  );
  assert.equal(fail?.attributes["error.type"], "500");
  assert.deepEqual([nowhere?.name, nowhere?.attributes["http.route"]], ["GET", undefined]);
});
