import { once } from "node:events";
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { SeaworthyError } from "@seaworthy/errors";
import type { Log } from "../log/log.ts";
import { createHealthState } from "./health-state.ts";
import type { HealthWorkerData, HealthWorkerMessage } from "./health-worker.ts";
import type { ProbeName, ProbeState } from "./probes.ts";

/** What a health thread needs. */
export interface HealthThreadOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** Default all addresses. */
  readonly host?: string;
  /** Read at each heartbeat. */
  readonly state: Pick<ProbeState, "isReady">;
  /** How long the event loop may stand still before the service counts as dead. Default 30,000 ms. */
  readonly stallMs?: number;
  /** The time between two heartbeats, and so the most by which readiness is told late. Default 250 ms. */
  readonly heartbeatMs?: number;
  /** Other paths than `/livez` and `/readyz`. */
  readonly paths?: Partial<Record<ProbeName, string>>;
  readonly log: Pick<Log, "error">;
}

/** A thread that answers probes. Its disposal ends it. */
export interface HealthThread extends AsyncDisposable {
  readonly port: number;
  /** Tells the thread of a change at once, without waiting for the next heartbeat. */
  beat(): void;
}

/**
 * Starts a thread with a port of its own that answers `/livez` and `/readyz` from what the main thread last told, so that a
 * service whose event loop is busy for seconds is not taken for dead and restarted under load. The thread runs no checks
 * and does not keep the process alive. Rejects with SW8006 when the port cannot be listened on.
 */
export async function startHealthThread(options: HealthThreadOptions): Promise<HealthThread> {
  const { port, host, state, stallMs = 30_000, heartbeatMs = 250, paths = {}, log } = options;
  const health = createHealthState();
  const beat = (): void => health.write(state);
  beat();
  const timer = setInterval(beat, heartbeatMs);
  timer.unref();

  const { livez = "/livez", readyz = "/readyz" } = paths;
  const workerData: HealthWorkerData = { memory: health.memory, port, host, stallMs, livez, readyz };
  // The worker has this file's own extension, so that it is found among the sources and in the published package.
  const file = new URL(`./health-worker${extname(new URL(import.meta.url).pathname)}`, import.meta.url);
  const worker = new Worker(file, {
    workerData,
    name: "health",
    // This thread does not need the modules that the process loads first, such as an agent for tracing.
    execArgv: [],
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 },
  });
  async function stop(): Promise<void> {
    clearInterval(timer);
    await worker.terminate();
  }

  const listening = await firstWord(worker);
  if ("failure" in listening) {
    await stop();
    throw new SeaworthyError("SW8006", `port ${port} cannot be listened on: ${listening.failure}`, {
      field: "healthThreadPort",
      next: ["set healthThreadPort to a port that nothing else on this address uses"],
    });
  }
  // The kubelet's probes will be refused and it will restart the container, so the log must say why.
  worker.on("error", (error) => log.error({ err: error }, "the health thread has failed"));
  worker.unref();
  return { port: listening.port, beat, [Symbol.asyncDispose]: stop };
}

async function firstWord(worker: Worker): Promise<HealthWorkerMessage> {
  try {
    const [message] = await once(worker, "message");
    return message as HealthWorkerMessage;
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}
