import type { Bucket, HistogramData } from "../measure/histogram.ts";
import type { LoadReport } from "../measure/load-report.ts";
import type { LoadPlan, Target } from "../plan/plan.ts";
import { bucketsOf, percentilesNs, roughBuckets } from "./buckets.ts";
import { withoutSecrets } from "./plan-as-data.ts";

const mostBuckets = 200;

/**
 * A report in the JSON of fortio (github.com/fortio/fortio, fhttp.HTTPRunnerResults), for tools and dashboards that read it.
 * Durations are seconds from the intended time, where fortio's begin at the send; failures are in `DurationHistogram`, as with
 * fortio. Values that fortio has and we do not are null: the sizes of single answers, the time of single connects.
 */
export function fortioJson(report: LoadReport, plan: LoadPlan, version: string): Record<string, unknown> {
  const [target] = plan.targets;
  const [request] = plan.requests;
  const labels = plan.targets.map(({ name, path }) => `${name}${withoutSecrets(path)}`).join(" ");
  const errors = failureBuckets(report);
  const tookNs = Math.round((report.endedAt - report.startedAt) * 1e6);
  const count = report.ok + report.failures.length;
  return {
    RunType: "HTTP",
    Labels: labels,
    StartTime: new Date(report.startedAt).toISOString(),
    RequestedQPS: report.rate.intended === undefined ? "max" : String(report.rate.intended),
    RequestedDuration: goDuration(plannedMs(plan)),
    ActualQPS: tookNs === 0 ? 0 : count / (tookNs / 1e9),
    ActualDuration: tookNs,
    NumThreads: plan.pace.kind === "closed" ? plan.pace.concurrency : plan.keepAliveConnections,
    Version: `seaworthy ${version}`,
    DurationHistogram: durationHistogram([
      { buckets: bucketsOf(report.histograms.latency), ...moments(report.histograms.latency) },
      errors,
    ]),
    ErrorsDurationHistogram: durationHistogram([errors]),
    Exactly: plan.maxRequests ?? 0,
    Jitter: false,
    Uniform: true,
    NoCatchUp: false,
    RunID: 0,
    AccessLoggerInfo: "",
    ID: runId(report.startedAt, labels),
    RetCodes: returnCodes(report),
    IPCountMap: addressCounts(target, report.connections.opened),
    Insecure: target?.tls?.insecure === true,
    MTLS: target?.tls?.cert !== undefined,
    CACert: "",
    Cert: "",
    Key: "",
    UnixDomainSocket: target?.via.kind === "unix" ? target.via.path : "",
    URL: target === undefined ? "" : urlOf(target),
    NumConnections: 1,
    Compression: false,
    DisableFastClient: false,
    HTTP10: false,
    H2: target?.protocol === "h2",
    DisableKeepAlive: plan.clients.every((client) => client === "new-connection"),
    AllowHalfClose: false,
    FollowRedirects: false,
    Resolve: "",
    HTTPReqTimeOut: plan.responseTimeoutMs * 1e6,
    UserCredentials: "",
    ContentType: "",
    Payload: "",
    MethodOverride: request?.method ?? "GET",
    LogErrors: false,
    SequentialWarmup: false,
    ConnReuseRange: [0, 0],
    NoResolveEachConn: plan.dns.againAfterMs === undefined,
    Offset: 0,
    Resolution: 0.001,
    Sizes: sizes(report),
    HeaderSizes: null,
    Sockets: [report.connections.opened],
    SocketCount: report.connections.opened,
    ConnectionStats: null,
    AbortOn: 0,
  };
}

interface Durations {
  readonly buckets: readonly Bucket[];
  readonly sumNs: number;
  readonly sumOfSquaresMs2: number;
}

function moments({ sumNs, sumOfSquaresMs2 }: HistogramData): Omit<Durations, "buckets"> {
  return { sumNs, sumOfSquaresMs2 };
}

/** One bucket for each kept failure. */
function failureBuckets({ failures }: LoadReport): Durations {
  const durations = failures
    .map(({ intendedAt, doneAt }) => Math.max(0, Math.round((doneAt - intendedAt) * 1e6)))
    .sort((left, right) => left - right);
  return {
    buckets: durations.map((ns) => ({ fromNs: ns, toNs: ns, count: 1 })),
    sumNs: durations.reduce((sum, ns) => sum + ns, 0),
    sumOfSquaresMs2: durations.reduce((sum, ns) => sum + (ns / 1e6) ** 2, 0),
  };
}

function durationHistogram(parts: readonly Durations[]): Record<string, unknown> {
  const buckets = parts
    .flatMap((part) => part.buckets)
    .sort((left, right) => left.fromNs - right.fromNs || left.toNs - right.toNs);
  const count = buckets.reduce((sum, bucket) => sum + bucket.count, 0);
  const sum = parts.reduce((total, { sumNs }) => total + sumNs, 0) / 1e9;
  const squares = parts.reduce((total, { sumOfSquaresMs2 }) => total + sumOfSquaresMs2, 0) / 1e6;
  const mean = count === 0 ? 0 : sum / count;
  const min = buckets[0]?.fromNs ?? 0;
  const max = buckets.reduce((largest, { toNs }) => Math.max(largest, toNs), 0);
  return {
    Count: count,
    Min: min / 1e9,
    Max: max / 1e9,
    Sum: sum,
    Avg: mean,
    StdDev: count === 0 ? 0 : Math.sqrt(Math.max(0, squares / count - mean ** 2)),
    Data: cumulated(roughBuckets(buckets, mostBuckets), { min, max, count }),
    Percentiles: percentiles(buckets),
  };
}

const shownPercentiles = [50, 75, 90, 99, 99.9];

function percentiles(buckets: readonly Bucket[]): { Percentile: number; Value: number }[] | null {
  if (buckets.length === 0) return null;
  const values = percentilesNs(buckets, shownPercentiles);
  return shownPercentiles.map((percentile, index) => ({
    Percentile: percentile,
    Value: values[index]! / 1e9,
  }));
}

/** Fortio leaves empty buckets out, counts the share up, and ends the outer ones where the values do. */
function cumulated(
  buckets: readonly Bucket[],
  { min, max, count: total }: { readonly min: number; readonly max: number; readonly count: number },
): Record<string, number>[] | null {
  if (total === 0) return null;
  let seen = 0;
  return buckets
    .filter(({ count }) => count > 0)
    .map(({ fromNs, toNs, count }) => {
      seen += count;
      return {
        Start: Math.max(fromNs, min) / 1e9,
        End: Math.min(toNs, max) / 1e9,
        Percent: (100 * seen) / total,
        Count: count,
      };
    });
}

/** Answers by status; `-1` is fortio's word for a request that got none. */
function returnCodes({ ok, failed, statuses }: LoadReport): Record<string, number> {
  const answered = Object.values(statuses).reduce((sum, count) => sum + count, 0);
  const without = ok + failed - answered;
  return { ...statuses, ...(without > 0 ? { "-1": without } : {}) };
}

/** How often each address was connected to, which is known only for a target with one address. */
function addressCounts(target: Target | undefined, opened: number): Record<string, number> {
  if (target?.via.kind !== "tcp" || target.via.addresses?.length !== 1) return {};
  const [address = ""] = target.via.addresses;
  return { [`${address.includes(":") ? `[${address}]` : address}:${target.via.port}`]: opened };
}

/** The sizes of answers. Their number and sum are known; the spread of single answers is not. */
function sizes({ ok, bytes }: LoadReport): Record<string, unknown> {
  const mean = ok === 0 ? 0 : bytes.received / ok;
  return { Count: ok, Min: mean, Max: mean, Sum: bytes.received, Avg: mean, StdDev: 0, Data: null };
}

function plannedMs({ pace }: LoadPlan): number {
  return pace.kind === "closed"
    ? pace.durationMs
    : pace.stages.reduce((sum, { durationMs }) => sum + durationMs, 0);
}

/** A duration as Go writes a time.Duration: `1m30s`, `0.5s`. */
function goDuration(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  return `${minutes === 0 ? "" : `${minutes}m`}${(ms - minutes * 60_000) / 1000}s`;
}

function urlOf({ tls, hostHeader, path }: Target): string {
  return `${tls === undefined ? "http" : "https"}://${hostHeader}${withoutSecrets(path)}`;
}

/** Fortio's name for a result: time and label, fit for a file name. */
function runId(startedAt: number, labels: string): string {
  const [date = "", time = ""] = new Date(startedAt).toISOString().split("T");
  const label = labels.replaceAll(/[^A-Za-z0-9]+/g, "_").slice(0, 50);
  return `${date}-${time.slice(0, 8).replaceAll(":", "")}_${label}`;
}
