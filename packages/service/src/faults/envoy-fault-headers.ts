import type { IncomingHttpHeaders } from "node:http";
import { longestDelayMs } from "./distribution.ts";
import type { Random } from "./random.ts";

/** The fault that a request asks for. */
export interface AskedFault {
  readonly delayMs: number;
  /** The status to answer with instead of the application; undefined: none. */
  readonly status: number | undefined;
}

/**
 * Reads the request headers of Envoy's fault filter: `x-envoy-fault-delay-request` in milliseconds,
 * `x-envoy-fault-abort-request` with a status from 200 to 599, and for each `…-percentage`, 100 when absent. As Envoy does,
 * a value that is no whole number is passed over. Undefined: neither header stands in the request.
 * https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/fault_filter
 *
 * @param maxDelayMs Longer delays are cut to this.
 */
export function readEnvoyFault(
  headers: IncomingHttpHeaders,
  random: Random,
  maxDelayMs = longestDelayMs,
): AskedFault | undefined {
  const delay = headers["x-envoy-fault-delay-request"];
  const abort = headers["x-envoy-fault-abort-request"];
  if (delay === undefined && abort === undefined) return undefined;
  const delayMs = Math.min(wholeNumber(delay) ?? 0, maxDelayMs);
  const status = wholeNumber(abort) ?? 0;
  const delays = isDrawn(headers["x-envoy-fault-delay-request-percentage"], random);
  const aborts = isDrawn(headers["x-envoy-fault-abort-request-percentage"], random);
  return {
    delayMs: delays ? delayMs : 0,
    status: aborts && status >= 200 && status <= 599 ? status : undefined,
  };
}

function isDrawn(percentage: string | string[] | undefined, random: Random): boolean {
  return random() * 100 < (wholeNumber(percentage) ?? 100);
}

function wholeNumber(value: string | string[] | undefined): number | undefined {
  return typeof value === "string" && /^\d{1,9}$/.test(value) ? Number(value) : undefined;
}
