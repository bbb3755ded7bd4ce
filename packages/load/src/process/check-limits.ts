import { readFileSync } from "node:fs";
import { SeaworthyError } from "@seaworthy/errors";
import { countText } from "../output/number-text.ts";
import { Arrivals } from "../plan/arrivals.ts";
import { highestRate } from "../plan/highest-rate.ts";
import type { ClientKind, LoadPlan, Target } from "../plan/plan.ts";
import { poolSize } from "../plan/pool-size.ts";

/** Reads a file of the system; undefined when there is none. */
export type ReadSystemFile = (path: string) => string | undefined;

/** What a load process has open beside the sockets of the load: its own files, channels and timers. */
const ownFiles = 64;

/**
 * Throws SW5004 when a load process could run out of file descriptors. The limit is the one in /proc/self/limits: Node raises
 * its own to the highest that it may have, and the load processes have the same. Nothing is checked elsewhere than on Linux.
 */
export function checkLimits(plan: LoadPlan, read: ReadSystemFile = readSystemFile): void {
  const limit = Number(/^Max open files +(\d+)/m.exec(read("/proc/self/limits") ?? "")?.[1] ?? NaN);
  const pooled = pooledSockets(plan);
  const needed = ownFiles + pooled + otherSockets(plan);
  if (!(needed > limit)) return;
  const room = (limit - ownFiles - pooled) * plan.workers;
  throw new SeaworthyError(
    "SW5004",
    `a load process may need ${text(needed)} open files, and this system allows ${text(limit)}`,
    {
      why: "a request without a free file descriptor could not be sent, and the run would be invalid",
      next: [
        `ulimit -n ${needed}`,
        ...(plan.pace.kind === "closed"
          ? ["a lower --concurrency"]
          : [room > 0 ? `--max-in-flight ${room}` : "fewer --connections"]),
      ],
    },
  );
}

/** How long a port can lead to its last connection's peer: https://docs.kernel.org/networking/nf_conntrack-sysctl.html. */
const conntrackMs = 120_000;

/**
 * Warns of destinations to which one address would open more connections in 120 s than it has ports. Conntrack keeps an entry for that
 * long, so that a connection from the same port can be sent to a pod that is gone, long after the rollout.
 */
export function portWarnings(plan: LoadPlan, range = ephemeralRange()): string[] {
  const [first, last] = range;
  const ports = last - first + 1;
  const sources = Math.max(1, plan.sourceAddresses.length);
  const perDestination = new Map<string, number>();
  for (const target of plan.targets) {
    if (target.via.kind !== "tcp") continue;
    const { host, port } = target.via;
    const destination = `${host.includes(":") ? `[${host}]` : host}:${port}`;
    const opened = plan.clients.reduce((sum, client) => sum + newConnections(plan, target, client), 0);
    perDestination.set(destination, (perDestination.get(destination) ?? 0) + opened);
  }
  return [...perDestination]
    .filter(([, opened]) => opened > ports * sources)
    .map(([destination, opened]) => warning(destination, opened, ports, sources));
}

/** The ports that the system gives to connections, ends included. */
export function ephemeralRange(
  read: ReadSystemFile = readSystemFile,
): readonly [first: number, last: number] {
  const [, first, last] = /^(\d+)\s+(\d+)/.exec(read("/proc/sys/net/ipv4/ip_local_port_range") ?? "") ?? [];
  return first === undefined || last === undefined ? [32_768, 60_999] : [Number(first), Number(last)];
}

/** A pool fills up to its size before it uses a connection again. */
function pooledSockets(plan: LoadPlan): number {
  const pooled = plan.clients.filter((client) => client !== "new-connection").length;
  return poolSize(plan) * plan.targets.length * pooled;
}

/** Sockets of requests that find none free in their pool, or want their own; an open loop has at most those in flight. */
function otherSockets({ pace, clients, workers, ...plan }: LoadPlan): number {
  if (pace.kind === "closed") {
    return clients.includes("new-connection") ? Math.ceil(pace.concurrency / workers) : 0;
  }
  const longestMs = plan.connectTimeoutMs + plan.responseTimeoutMs;
  const inFlight = Math.min(plan.maxInFlight, requestsWithin(longestMs, { pace, ...plan }));
  return Math.ceil(inFlight / workers);
}

/** Connections that a client opens to a target within the life of a conntrack entry, at the highest rate. */
function newConnections(plan: LoadPlan, target: Target, client: ClientKind): number {
  const { targets, clients, maxUses, maxAgeMs } = plan;
  const weights = targets.reduce((sum, { weight = 1 }) => sum + weight, 0);
  const requests = (requestsWithin(conntrackMs, plan) * (target.weight ?? 1)) / weights / clients.length;
  switch (client) {
    case "keep-alive":
      return 0;
    case "new-connection":
      return requests;
    case "max-uses":
      return requests / maxUses;
    case "max-age":
      return Math.min(requests, (poolSize({ ...plan, workers: 1 }) * conntrackMs) / maxAgeMs);
  }
}

/** The most requests that can become due within a time; in a closed loop only `maxRequests` limits them. */
function requestsWithin(
  ms: number,
  { pace, maxRequests = Infinity }: Pick<LoadPlan, "pace" | "maxRequests">,
): number {
  if (pace.kind === "closed") return maxRequests;
  const rate = highestRate(pace) ?? 0;
  return Math.ceil(Math.min(maxRequests, new Arrivals(pace.stages).expected, (rate * ms) / 1000));
}

function warning(destination: string, opened: number, ports: number, sources: number): string {
  const seconds = conntrackMs / 1000;
  const danger = `A port that is used again within ${seconds} s can lead to a pod that is gone.`;
  if (opened === Infinity) {
    const rate = text(Math.floor((ports * sources * 1000) / conntrackMs));
    return `A closed loop may open more than ${rate} connections per second to ${destination}, and then uses ports again. ${danger} Give more addresses with --source-address.`;
  }
  const from = sources === 1 ? "one address" : `${sources} addresses`;
  const needed = Math.ceil(opened / ports);
  return `${text(opened)} connections to ${destination} in ${seconds} s from ${from} with ${text(ports)} ports each. ${danger} Give ${needed} addresses with --source-address.`;
}

function text(count: number): string {
  return countText(Math.round(count));
}

function readSystemFile(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // Not Linux, or a sandbox without /proc.
    return undefined;
  }
}
