import assert from "node:assert/strict";
import { test } from "node:test";
import { createPlan, targetOf } from "../plan/create-plan.ts";
import { exampleFailure, exampleReport } from "../testing/example-report.ts";
import { fortioJson } from "./fortio-json.ts";

/** Every field of a result that `fortio load -json` of fortio 1.66.5 wrote, with its type. */
const fieldsOfFortio: Readonly<Record<string, string>> = {
  ...named(
    "string",
    "RunType Labels StartTime RequestedQPS RequestedDuration Version AccessLoggerInfo ID CACert Cert Key UnixDomainSocket URL Resolve UserCredentials ContentType Payload MethodOverride",
  ),
  ...named(
    "number",
    "ActualQPS ActualDuration NumThreads Exactly RunID NumConnections HTTPReqTimeOut Offset Resolution SocketCount AbortOn",
  ),
  ...named(
    "boolean",
    "Jitter Uniform NoCatchUp Insecure MTLS Compression DisableFastClient HTTP10 H2 DisableKeepAlive AllowHalfClose FollowRedirects LogErrors SequentialWarmup NoResolveEachConn",
  ),
  ...named(
    "object",
    "DurationHistogram ErrorsDurationHistogram RetCodes IPCountMap ConnReuseRange Sizes HeaderSizes Sockets ConnectionStats",
  ),
};

function named(type: string, names: string): Record<string, string> {
  return Object.fromEntries(names.split(" ").map((name) => [name, type]));
}

interface FortioHistogram {
  readonly Count: number;
  readonly Min: number;
  readonly Max: number;
  readonly Avg: number;
  readonly Data: readonly { Start: number; End: number; Percent: number; Count: number }[];
  readonly Percentiles: readonly { Percentile: number; Value: number }[];
}

const plan = createPlan({
  targets: [targetOf("http://127.0.0.1:8080/x")],
  pace: {
    kind: "open",
    arrivals: "constant",
    stages: [{ fromRate: 100, toRate: 100, durationMs: 90_500 }],
  },
});
const failures = [
  exampleFailure(),
  exampleFailure({ class: "bad-status", status: 503, detail: "status 503" }),
];
const report = exampleReport({ failures, statuses: { 200: 300, 503: 1 } });

test("the fields of a fortio result and no others, of the same types", () => {
  const result = JSON.parse(JSON.stringify(fortioJson(report, plan, "0.1.0"))) as Record<string, unknown>;
  assert.deepEqual(
    Object.fromEntries(
      Object.entries(result)
        .map(([name, value]): [string, string] => [name, typeof value])
        .sort(),
    ),
    Object.fromEntries(Object.entries(fieldsOfFortio).sort()),
  );
});

test("counts, codes and durations are those of the report", () => {
  const result = fortioJson(report, plan, "0.1.0");
  assert.deepEqual(result["RetCodes"], { 200: 300, 503: 1, "-1": 1 });
  assert.equal(result["RequestedDuration"], "1m30.5s");
  assert.equal(result["ActualDuration"], 3_010_000_000);
  const all = result["DurationHistogram"] as FortioHistogram;
  const errors = result["ErrorsDurationHistogram"] as FortioHistogram;
  assert.deepEqual([all.Count, errors.Count], [302, 2]);
  assert.equal(errors.Percentiles[0]?.Value, 0.003125);
  assert.equal(all.Min, report.latency.minMs / 1000);
  assert.equal(all.Max, report.latency.maxMs / 1000);
  assert.equal(
    all.Data.reduce((sum, { Count }) => sum + Count, 0),
    302,
  );
  assert.equal(all.Data.at(-1)?.Percent, 100);
});

test("a run without failures has an empty histogram of errors", () => {
  const errors = fortioJson(exampleReport(), plan, "0.1.0")["ErrorsDurationHistogram"] as FortioHistogram;
  assert.deepEqual([errors.Count, errors.Avg, errors.Data, errors.Percentiles], [0, 0, null, null]);
});
