import type { Exchange, ExchangeObserver, Gate } from "../exchange.ts";
import { createFaults, type Faults } from "../faults/faults.ts";
import { limitBodies } from "../protection/body-limit.ts";
import { limitConnections } from "../protection/connection-limit.ts";
import { createLoadShedding } from "../protection/load-shedding.ts";
import { applyLimits } from "../protection/server-limits.ts";
import type { ServiceSettings } from "../service-settings.ts";
import type { AnyServer } from "../tap-server.ts";
import type { Telemetry } from "./telemetry.ts";

/** The parts that may stand between a request and the application: limits, load shedding, and faults on purpose. */
export interface Guards {
  readonly faults: Faults;
  /** Count the numbers that the guards need. */
  readonly observers: readonly ExchangeObserver[];
  /** Sets a server's own limits, and gives the gates that its requests pass, in their order. */
  protect(server: AnyServer): readonly Gate[];
}

/** Makes the guards. Probes and scrapes pass them all; `faultExemptPaths` pass the faults. */
export function createGuards(
  settings: ServiceSettings,
  { log: { lines: log }, registry, processMetrics }: Telemetry,
  faultExemptPaths: readonly string[] | undefined,
): Guards {
  const isExempt = ({ internal }: Exchange): boolean => internal;
  const sparedByFaults = new Set(faultExemptPaths);
  const faults = createFaults({
    rules: settings.faults,
    seed: settings.faultSeed,
    allowEnvoyHeaders: settings.faultsFromHeaders,
    isExempt: (exchange) => isExempt(exchange) || sparedByFaults.has(exchange.path),
    log,
    registry,
  });
  let activeRequests = 0;
  const shedding = createLoadShedding({
    shedAboveDelayMs: settings.shedAboveDelayMs,
    maxActiveRequests: settings.maxActiveRequests,
    delayP99Ms: () => processMetrics.eventLoopDelayP99Ms(),
    activeRequests: () => activeRequests,
    isExempt,
    log,
    registry,
  });
  const sheds = settings.shedAboveDelayMs > 0 || settings.maxActiveRequests > 0;
  const counting: ExchangeObserver = {
    begin: () => void (activeRequests += 1),
    end: () => void (activeRequests -= 1),
  };
  return {
    faults,
    observers: sheds ? [counting] : [],
    protect(server) {
      const { keepAliveMs, headersTimeoutMs, requestTimeoutMs, maxConnections, maxBodyBytes } = settings;
      applyLimits(server, { keepAliveMs, headersTimeoutMs, requestTimeoutMs });
      const gates: Gate[] = [];
      if (maxConnections > 0) gates.push(limitConnections(server, { maxConnections, isExempt, registry }));
      if (sheds) gates.push(shedding);
      if (maxBodyBytes > 0) gates.push(limitBodies(server, maxBodyBytes));
      gates.push(faults.gate);
      return gates;
    },
  };
}
