import type { DrainResult } from "./drain.ts";
import type { HookResult } from "./shutdown-hooks.ts";

/** How a shutdown went: what the service still served, what it cut, what did not end. */
export interface ShutdownReport {
  /** The signal, the crash, or what the caller gave. */
  readonly reason: string;
  /** 0, or 1 when something was cut or failed. */
  readonly exitCode: number;
  readonly tookMs: number;
  /** From SIGTERM to the end of listening, and from there to the last connection's end. */
  readonly acceptingMs: number;
  readonly endingMs: number;
  /** Requests that began after SIGTERM, without probes. */
  readonly servedWhileDraining: number;
  readonly cut: {
    readonly requests: number;
    /** The first cut requests, oldest first. */
    readonly examples: readonly CutRequest[];
    /** Requests whose head had begun, and connections that had been upgraded. */
    readonly heads: number;
    readonly upgraded: number;
  };
  readonly hooks: readonly HookResult[];
  /** What would have kept the process alive, as `process.getActiveResourcesInfo()` names it. */
  readonly held: readonly string[];
}

/** A request that had no full answer when the time was over. */
export interface CutRequest {
  readonly method: string;
  readonly path: string;
  readonly route?: string;
  readonly ageMs: number;
}

const mostExamples = 10;

/** Puts a shutdown report together. */
export function reportShutdown(
  parts: Pick<ShutdownReport, "reason" | "tookMs" | "servedWhileDraining" | "hooks"> & {
    readonly drained: DrainResult;
    readonly nowMs: number;
    readonly crashed: boolean;
    readonly activeResources: readonly string[];
  },
): ShutdownReport {
  const { reason, tookMs, servedWhileDraining, hooks, drained, nowMs } = parts;
  const exchanges = drained.cut.flatMap(({ requests }) => requests).sort((a, b) => a.startMs - b.startMs);
  const cut = {
    requests: exchanges.length,
    examples: exchanges.slice(0, mostExamples).map(({ request, path, route, startMs }) => ({
      method: request.method ?? "",
      path,
      ...(route === undefined ? {} : { route }),
      ageMs: Math.round(nowMs - startMs),
    })),
    heads: drained.cut.reduce((sum, { byState }) => sum + byState.head, 0),
    upgraded: drained.cut.reduce((sum, { byState }) => sum + byState.upgraded, 0),
  };
  const clean =
    cut.requests + cut.heads + cut.upgraded === 0 && hooks.every(({ outcome }) => outcome === "done");
  return {
    reason,
    exitCode: clean && !parts.crashed ? 0 : 1,
    tookMs,
    acceptingMs: Math.round(drained.acceptingMs),
    endingMs: Math.round(drained.endingMs),
    servedWhileDraining,
    cut,
    hooks,
    held: heldBy(parts.activeResources),
  };
}

/** The active resources without those of every process, and with a count where there are several of a kind. */
function heldBy(activeResources: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const name of activeResources) {
    if (!/^(TTYWrap|PipeWrap|Immediate|FSReqCallback|SignalWrap)$/.test(name))
      counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => (count === 1 ? name : `${name} ×${count}`));
}
