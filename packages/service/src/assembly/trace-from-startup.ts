import type { Environment } from "../config/settings/read-settings.ts";
import type { ExchangeObserver } from "../exchange.ts";
import { passTracesOn, startTracing, type Tracing } from "../tracing/tracer.ts";
import { readTracingSettings } from "../tracing/tracing-settings.ts";
import type { StartupTask } from "./further-ports.ts";
import type { Telemetry } from "./telemetry.ts";

/** Tracing that begins while the service starts. Until then traces are passed on, and nothing is recorded. */
export interface StartingTracing {
  now(): Tracing;
  readonly observer: ExchangeObserver;
  /** The methods that spans and metrics tell apart. */
  readonly knownMethods: ReturnType<typeof readTracingSettings>["knownMethods"];
}

/** Starts tracing where the environment names a place for traces. Its code is loaded only then. */
export function traceFromStartup({
  telemetry: { log, registry, clientAddress },
  identity,
  env,
  startup,
}: {
  readonly telemetry: Telemetry;
  readonly identity: { readonly name: string; readonly version: string };
  readonly env: Environment;
  readonly startup: (name: string, task: StartupTask) => void;
}): StartingTracing {
  let tracing = passTracesOn;
  const { url, knownMethods } = readTracingSettings(env);
  if (url !== undefined)
    startup("tracing", async () => {
      tracing = await startTracing({
        service: identity,
        log: log.lines,
        metrics: registry,
        clientAddress,
        env,
      });
    });
  return {
    now: () => tracing,
    observer: {
      begin: (exchange) => tracing.observer.begin(exchange),
      end: (exchange, ms) => tracing.observer.end(exchange, ms),
    },
    knownMethods,
  };
}
