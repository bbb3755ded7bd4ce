import { highestRate } from "./highest-rate.ts";
import type { LoadPlan, Target, TlsSettings } from "./plan.ts";

/** A plan with the parts that have no default; the rest may be left out. */
export type PlanOptions = Pick<LoadPlan, "targets" | "pace"> & Partial<LoadPlan>;

/**
 * Fills in what a plan leaves open: GET over one pool of 16 connections, any status from 200 to 399, a connect timeout of 3 s,
 * a response timeout of 30 s, one process for each 10,000 requests/s up to `cores`.
 */
export function createPlan(options: PlanOptions, cores = 1): LoadPlan {
  return {
    requests: [{ method: "GET" }],
    streams: [],
    clients: ["keep-alive"],
    keepAliveConnections: 16,
    maxUses: 100,
    maxAgeMs: 10_000,
    connectTimeoutMs: 3_000,
    responseTimeoutMs: 30_000,
    sourceAddresses: [],
    dns: { family: 0, use: "first" },
    expect: { status: [[200, 399]] },
    recordHeaders: [],
    maxAnswers: 0,
    seed: 1,
    maxInFlight: 16_384,
    workers: Math.max(1, Math.min(cores, Math.ceil((highestRate(options.pace) ?? 0) / 10_000))),
    precise: false,
    settleMs: 0,
    maxLagP99Ms: 10,
    ...options,
  };
}

/** The target of an `http:` or `https:` URL. Throws a TypeError for any other text. */
export function targetOf(url: string, tls: TlsSettings = {}): Target {
  const { protocol, hostname, port, host, pathname, search } = new URL(url);
  if (protocol !== "http:" && protocol !== "https:")
    throw new TypeError(`${url} is neither http: nor https:`);
  const secure = protocol === "https:";
  return {
    name: host,
    via: {
      kind: "tcp",
      host: hostname.replace(/^\[(.*)\]$/, "$1"),
      port: port === "" ? (secure ? 443 : 80) : Number(port),
    },
    ...(secure ? { tls } : {}),
    hostHeader: host,
    path: pathname + search,
  };
}
