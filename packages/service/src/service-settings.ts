import type { SettingsOf } from "./config/settings/setting.ts";
import { boolean, choice, integer, json, list, number, text } from "./config/settings/setting.ts";
import { type FaultRule, parseFaultRules } from "./faults/fault-rules.ts";
import { logLevels } from "./log/create-logger.ts";

/** All settings of the library. A service needs to set none of them. */
export const serviceSettings = {
  serviceName: text({
    default: "service",
    help: "The name in metrics and traces (OTEL_SERVICE_NAME goes first)",
  }),
  version: text({ default: "unknown", help: "The version in metrics and traces" }),

  terminationGracePeriodSeconds: integer({
    default: undefined,
    help: "The pod's grace period, which the times of the shutdown must fit into",
  }),
  preStopSeconds: integer({
    default: 0,
    help: "How long the container's preStop takes: it counts inside the grace period",
  }),
  graceMs: integer({
    default: undefined,
    help: "The longest from SIGTERM to exit, in ms; else what the grace period leaves, else 20000",
  }),
  drainMs: integer({
    default: 5_000,
    help: "The least that requests are still accepted after SIGTERM, in ms",
  }),
  drainMaxMs: integer({
    default: 10_000,
    help: "The most that requests are still accepted, when traffic does not stop, in ms",
  }),
  quietMs: integer({
    default: 500,
    help: "How long no traffic must come until it counts as stopped, in ms",
  }),
  hooksMs: integer({ default: 2_000, help: "Kept free at the end for shutdown hooks, in ms" }),
  flushMs: integer({ default: 1_000, help: "Kept free after the hooks for spans, metrics and logs, in ms" }),
  readinessOnShutdown: choice({
    default: "fail",
    choices: ["fail", "keep"],
    help: "What /readyz says while draining",
  }),
  secondSignal: choice({
    default: "exit",
    choices: ["exit", "ignore"],
    help: "What a second SIGTERM, SIGINT, SIGQUIT or SIGHUP does",
  }),
  crashGraceMs: integer({
    default: 5_000,
    help: "The longest from an uncaught exception to exit, in ms; hooks and flush keep their part of it",
  }),
  startupTimeoutMs: integer({
    default: 60_000,
    min: 1,
    help: "The longest that a start-up task may take, in ms",
  }),

  probes: boolean({
    default: true,
    help: "Answer /livez, /readyz, /healthz, /startupz and /metrics on the service's own port",
  }),
  probePort: integer({
    default: undefined,
    max: 65_535,
    help: "Answer the probes and /metrics on this port, too",
  }),
  healthThreadPort: integer({
    default: undefined,
    max: 65_535,
    help: "Answer /livez and /readyz on this port from a thread of its own, also while the process is busy",
  }),
  healthStallMs: integer({
    default: 30_000,
    min: 1_000,
    help: "How long the event loop may stall before /livez of the health thread fails, in ms",
  }),

  logLevel: choice({
    default: "info",
    choices: logLevels,
    live: true,
    help: "The least level that is logged",
  }),
  logRedact: list({ default: [], help: "Paths in logged objects whose values are masked" }),
  accessLog: boolean({ default: true, help: "One line per request" }),
  accessLogProbes: number({ default: 0, max: 1, help: "The share of successful probes that get a line" }),
  accessLogQuery: boolean({ default: false, help: "Log the query as well" }),
  trustProxy: text({
    default: "false",
    help: "Whose X-Forwarded-For to believe: true (the peer's), the number of proxies, or networks such as 10.0.0.0/8",
  }),

  metricsCompat: choice({
    default: "none",
    choices: ["none", "podinfo"],
    help: "Also give the metrics of podinfo under its names",
  }),
  metricsSeriesLimit: integer({ default: 1_000, min: 1, help: "The most label sets of one metric" }),
  metricsGc: boolean({ default: false, help: "Measure garbage collection; it costs a little latency" }),

  faults: json<readonly FaultRule[]>({
    default: [],
    live: true,
    parse: (value) => parseFaultRules(value),
    allowed: 'a JSON list of rules, such as [{"path":"/slow*","delay":"0..2000","errorPercent":1}]',
    help: "Delays, errors and aborts on purpose, as a JSON list of rules; never on probes and metrics",
  }),
  faultsFromHeaders: boolean({ default: false, help: "Obey x-envoy-fault-* headers" }),
  faultSeed: integer({
    default: undefined,
    help: "The same seed and order of requests give the same faults",
  }),

  keepAliveMs: integer({
    default: 75_000,
    help: "How long an idle connection is kept, in ms: longer than any proxy in front keeps it",
  }),
  headersTimeoutMs: integer({ default: 15_000, help: "The longest that a request's head may take, in ms" }),
  requestTimeoutMs: integer({
    default: 300_000,
    help: "The longest that a whole request may take to arrive, in ms",
  }),
  maxConnections: integer({ default: 0, help: "The most connections at once; 0 is no limit" }),
  maxBodyBytes: integer({ default: 0, help: "The largest request body; 0 is no limit" }),
  maxActiveRequests: integer({ default: 0, help: "The most requests at once; 503 beyond; 0 is no limit" }),
  shedAboveDelayMs: integer({
    default: 0,
    help: "Answer some requests with 503 while the event loop's p99 delay is above this, in ms; 0 is never",
  }),
  securityHeaders: choice({
    default: "off",
    choices: ["off", "api", "page"],
    help: "Which set of security headers each answer has",
  }),
} as const;

/** The values of all settings. */
export type ServiceSettings = SettingsOf<typeof serviceSettings>;
