import { availableParallelism } from "node:os";
import { createPlan, type LoadPlan, type PlanOptions } from "@seaworthy/load";
import type { FlagValues } from "../command.ts";
import { durationFlag, listFlag, numberFlag, textFlag } from "../flag-values.ts";
import { readCall, rejectPaths } from "./read-call.ts";
import { readClients } from "./read-clients.ts";
import { readDns } from "./read-dns.ts";
import { readExpectation } from "./read-expectation.ts";
import { readPace } from "./read-pace.ts";
import { readRequests, type RequestSource } from "./read-requests.ts";
import { readStreams } from "./read-streams.ts";
import { readTargets } from "./read-targets.ts";
import { rejectConflicts } from "./reject-conflicts.ts";

/** The plan that the arguments and flags of `seaworthy load` describe. Throws SW1002 and SW1003, naming the flag. */
export async function readLoadPlan(
  urls: readonly string[],
  flags: FlagValues,
  source: RequestSource,
): Promise<LoadPlan> {
  const { cwd } = source;
  rejectConflicts(urls, flags);
  const sourceAddresses = listFlag(flags, "source-address")
    .flatMap((text) => text.split(","))
    .filter((text) => text !== "");
  const by = textFlag(flags, "by")?.toLowerCase();
  const count = (name: string, min: number, max: number) => numberFlag(flags, name, { min, max });
  const method = textFlag(flags, "grpc");
  const targets = await readTargets(urls, flags, cwd);
  if (method !== undefined) rejectPaths(targets);
  const options = {
    pace: readPace(flags),
    targets,
    requests:
      method === undefined ? await readRequests(urls, flags, source) : [await readCall(method, flags, cwd)],
    streams: readStreams(flags),
    ...readClients(flags),
    dns: readDns(flags),
    expect: readExpectation(flags),
    sourceAddresses,
    recordHeaders: by === undefined ? [] : [by],
    maxRequests: count("requests", 1, 1e12),
    keepAliveConnections: count("connections", 1, 65_536),
    maxInFlight: count("max-in-flight", 1, 1_000_000),
    workers: count("workers", 1, 64),
    seed: count("seed", 0, 4_294_967_295),
    connectTimeoutMs: durationFlag(flags, "connect-timeout", 600_000),
    responseTimeoutMs: durationFlag(flags, "timeout"),
    maxLagP99Ms: durationFlag(flags, "max-lag", 60_000),
    precise: flags["precise"] === true,
  };
  return createPlan(given(options) as PlanOptions, availableParallelism());
}

/** Without the parts that were not given, so that the defaults fill them. */
function given(options: object): object {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
