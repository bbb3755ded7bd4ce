import type { Exchange, Gate } from "../exchange.ts";
import type { Log } from "../log/log.ts";
import type { MetricsRegistry } from "../metrics/metrics-registry.ts";
import { answerProblem } from "../protection/answer-problem.ts";
import { readEnvoyFault } from "./envoy-fault-headers.ts";
import { createFaultDrawer, type Fault, type FaultDrawer } from "./fault-drawer.ts";
import { parseFaultRules, type FaultRule } from "./fault-rules.ts";
import { seededRandom, type Random } from "./random.ts";

/** The faults, and the requests that they spare. */
export interface FaultsOptions {
  /** The first rule that matches a request's path decides. Default none. */
  readonly rules?: readonly FaultRule[];
  /** Default true. */
  readonly enabled?: boolean;
  /** 32 bits. Default a random one, which `status` tells so that a run can be repeated. */
  readonly seed?: number | undefined;
  /** Whether requests may ask for a fault by Envoy's headers. Such a request gets what it asks for and no other fault. */
  readonly allowEnvoyHeaders?: boolean;
  /** The longest delay that a header can ask for. Default 30,000 ms. */
  readonly maxHeaderDelayMs?: number;
  /** The most requests that wait at once. Further ones are not delayed. Default 10,000. */
  readonly maxWaiting?: number;
  /** Whether faults spare an exchange, such as a probe or a scrape. */
  readonly isExempt: (exchange: Exchange) => boolean;
  readonly log: Log;
  readonly registry: Pick<MetricsRegistry, "counter">;
}

/** The state of the faults. */
export interface FaultsStatus {
  readonly enabled: boolean;
  readonly seed: number;
  readonly rules: readonly FaultRule[];
  readonly allowEnvoyHeaders: boolean;
  /** Requests that are being delayed. */
  readonly waiting: number;
}

/**
 * Faults on purpose. The same seed, rules and order of requests give the same faults: each rule has numbers of its own,
 * drawn when a request comes, which begin anew with `enable` and `set`.
 */
export interface Faults {
  readonly gate: Gate;
  enable(): void;
  /** Turns faults off, also those that headers ask for. Requests that already wait are still delayed to the end. */
  disable(): void;
  /** Replaces the rules. Throws SW8001 for rules that are not valid, and keeps the old ones. */
  set(rules: readonly FaultRule[]): void;
  status(): FaultsStatus;
}

/** Makes the gate that injects faults, and its switch. */
export function createFaults(options: FaultsOptions): Faults {
  const {
    allowEnvoyHeaders = false,
    maxHeaderDelayMs = 30_000,
    maxWaiting = 10_000,
    isExempt,
    log,
  } = options;
  const seed = (options.seed ?? Math.floor(Math.random() * 2 ** 32)) >>> 0;
  const injected = options.registry.counter("faults_injected_total", "Faults injected.", ["kind"]);
  const delays = injected.child(["delay"]);
  const errors = injected.child(["error"]);
  const aborts = injected.child(["abort"]);
  const skipped = options.registry.counter(
    "faults_delays_skipped_total",
    "Delays left out because too many requests were waiting.",
  );
  let enabled = options.enabled ?? true;
  let rules = parseFaultRules(options.rules ?? []);
  let drawers: readonly FaultDrawer[] = [];
  let headerRandom: Random = Math.random;
  let waiting = 0;

  function beginAnew(): void {
    headerRandom = seededRandom(seed);
    // A seed of its own for each rule, so that requests to other paths do not change what happens to these.
    drawers = rules.map((rule, index) => createFaultDrawer(rule, seededRandom(seed + index + 1)));
    const active = enabled && (rules.length > 0 || allowEnvoyHeaders);
    if (active) log.warn({ rules, seed, allowEnvoyHeaders }, "faults are on");
  }
  beginAnew();

  function decide({ request, path }: Exchange): Fault | undefined {
    const asked = allowEnvoyHeaders
      ? readEnvoyFault(request.headers, headerRandom, maxHeaderDelayMs)
      : undefined;
    if (asked !== undefined) return { delayMs: asked.delayMs, strike: asked.status };
    for (const drawer of drawers) if (drawer.matches(path)) return drawer.draw();
    return undefined;
  }

  /** Answers or aborts the request when the fault says so. True when it has. */
  function strike(exchange: Exchange, { strike }: Fault): boolean {
    if (strike === undefined) return false;
    exchange.errorType = "InjectedFault";
    if (strike === "abort") {
      aborts.increment();
      abort(exchange);
    } else {
      errors.increment();
      const headers = { "x-seaworthy-fault": "error" };
      answerProblem(exchange, { status: strike, title: "a fault was injected", headers });
    }
    return true;
  }

  function delay(exchange: Exchange, fault: Fault, proceed: (exchange: Exchange) => void): void {
    const { response } = exchange;
    delays.increment();
    waiting += 1;
    const timer = setTimeout(() => {
      stop();
      response.off("close", stop);
      if (!strike(exchange, fault)) proceed(exchange);
    }, fault.delayMs);
    function stop(): void {
      waiting -= 1;
      clearTimeout(timer);
    }
    response.once("close", stop);
  }

  return {
    gate(exchange, proceed) {
      if (!enabled || (drawers.length === 0 && !allowEnvoyHeaders) || isExempt(exchange)) return false;
      const fault = decide(exchange);
      if (fault === undefined) return false;
      if (fault.delayMs <= 0) return strike(exchange, fault);
      if (waiting >= maxWaiting) {
        skipped.increment();
        return strike(exchange, fault);
      }
      delay(exchange, fault, proceed);
      return true;
    },
    enable() {
      enabled = true;
      beginAnew();
    },
    disable() {
      enabled = false;
      log.info({}, "faults are off");
    },
    set(next) {
      rules = parseFaultRules(next);
      beginAnew();
    },
    status: () => ({ enabled, seed, rules, allowEnvoyHeaders, waiting }),
  };
}

/** Resets the connection, or on HTTP/2 the stream with INTERNAL_ERROR: RFC 9113, section 7. */
function abort({ request, response, scheme }: Exchange): void {
  if ("stream" in response) response.stream.close(2);
  // Only a bare TCP socket can be reset. TLS ends without its goodbye.
  else if (scheme === "http" && request.socket.remotePort !== undefined) request.socket.resetAndDestroy();
  else request.socket.destroy();
}
