import type { Exchange, Gate } from "../exchange.ts";
import type { Log } from "../log/log.ts";
import type { MetricsRegistry } from "../metrics/metrics-registry.ts";
import { answerProblem } from "./answer-problem.ts";

/** When requests are turned away. */
export interface LoadSheddingOptions {
  /** The p99 of the event loop's delay above which requests are shed, in milliseconds. 0, the default, sheds none. */
  readonly shedAboveDelayMs?: number;
  /** The p99 of the last moments, in milliseconds. Read at most every half second. */
  readonly delayP99Ms: () => number;
  /** With more requests than this under way, the new one is shed. 0, the default, is no limit. */
  readonly maxActiveRequests?: number;
  /** How many are under way, the new one included. */
  readonly activeRequests: () => number;
  /** Whether an exchange is spared, such as a probe or a scrape: a busy service must not be restarted, and must be seen. */
  readonly isExempt: (exchange: Exchange) => boolean;
  readonly log: Log;
  readonly registry: Pick<MetricsRegistry, "counter" | "observe">;
  readonly random?: () => number;
}

const stepMs = 500;
const risePercent = 10;
const fallPercent = 5;
/** Some requests always go through: without any, nothing would show that the load has gone. */
const mostPercent = 90;
/** Below this part of the limit the share of shed requests falls; between this part and the limit it stays. */
const calm = 0.8;

/**
 * Answers a share of the requests with 503 and Retry-After while the event loop is late. The share rises by a tenth with each
 * half second above the limit, so that one pause costs a few requests only, and falls by half as much below four fifths of it.
 */
export function createLoadShedding(options: LoadSheddingOptions): Gate {
  const { shedAboveDelayMs = 0, maxActiveRequests = 0, random = Math.random } = options;
  const { delayP99Ms, activeRequests, isExempt, log, registry } = options;
  const shed = registry.counter("requests_shed_total", "Requests turned away because of load.", ["reason"]);
  const forDelay = shed.child(["event_loop_delay"]);
  const forActive = shed.child(["active_requests"]);
  let percent = 0;
  let nextStepMs = -Infinity;
  registry.observe(
    "requests_shed_ratio",
    "The part of the requests that is being turned away because the event loop is late.",
    "gauge",
    () => percent / 100,
  );

  function step(nowMs: number): void {
    const steps = nextStepMs === -Infinity ? 1 : 1 + Math.floor((nowMs - nextStepMs) / stepMs);
    nextStepMs = nowMs + stepMs;
    const delayMs = delayP99Ms();
    const before = percent;
    if (delayMs > shedAboveDelayMs) percent = Math.min(percent + risePercent, mostPercent);
    // Steps in which no request came count for the fall, too, because the load had gone meanwhile.
    else if (delayMs < shedAboveDelayMs * calm) percent = Math.max(percent - fallPercent * steps, 0);
    if (before === 0 && percent > 0)
      log.warn({ delayMs, shedAboveDelayMs }, "shedding requests: the event loop is late");
    if (before > 0 && percent === 0) log.info({ delayMs, shedAboveDelayMs }, "no longer shedding requests");
  }

  function refuse(exchange: Exchange): true {
    // The times are spread, so that the refused clients do not all come back at once.
    const headers = { "retry-after": String(1 + Math.floor(random() * 3)) };
    answerProblem(exchange, { status: 503, title: "overloaded, try again later", headers, close: true });
    return true;
  }

  return (exchange) => {
    if (shedAboveDelayMs > 0 && exchange.startMs >= nextStepMs) step(exchange.startMs);
    const late = percent > 0;
    const full = maxActiveRequests > 0 && activeRequests() > maxActiveRequests;
    if (!(late || full) || isExempt(exchange)) return false;
    if (full) {
      forActive.increment();
      return refuse(exchange);
    }
    if (random() * 100 >= percent) return false;
    forDelay.increment();
    return refuse(exchange);
  };
}
