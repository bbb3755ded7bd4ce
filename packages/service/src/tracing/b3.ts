import type { RemoteContext, TraceContext } from "./trace-context.ts";

type HeaderValue = string | string[] | undefined;

const traceIdPattern = /^(?!0+$)(?:[\da-f]{16}){1,2}$/;
const spanIdPattern = /^(?!0+$)[\da-f]{16}$/;
const singlePattern = /^([\da-f]{16,32})-([\da-f]{16})(?:-([01d]))?(?:-[\da-f]{16})?$/;

/**
 * Reads B3 of one header, `{trace id}-{span id}-{decision}-{parent span id}` or a decision alone:
 * https://github.com/openzipkin/b3-propagation#single-header. Undefined: not valid.
 */
export function readB3Single(value: HeaderValue): RemoteContext | undefined {
  if (typeof value !== "string") return undefined;
  if (value === "0" || value === "1" || value === "d")
    return remoteContext("b3", undefined, undefined, value);
  const [, traceId, spanId, decision] = singlePattern.exec(value) ?? [];
  return hasIds(traceId, spanId) ? remoteContext("b3", traceId, spanId, decision) : undefined;
}

/**
 * Reads B3 of several headers: https://github.com/openzipkin/b3-propagation#multiple-headers. `true` and `false`,
 * which some tracers sent before the format was specified, are decisions too. Where the ids are missing or not valid
 * the decision counts alone. Undefined: neither ids nor a decision.
 */
export function readB3Multi(
  traceId: HeaderValue,
  spanId: HeaderValue,
  sampled: HeaderValue,
  flags: HeaderValue,
): RemoteContext | undefined {
  const decision = flags === "1" ? "d" : decisions.get(sampled);
  if (hasIds(traceId, spanId)) return remoteContext("b3multi", traceId, spanId as string, decision);
  return decision === undefined ? undefined : remoteContext("b3multi", undefined, undefined, decision);
}

/**
 * B3 in one header. Like OpenTelemetry it names no parent span: this span is not shared with the service that is
 * called. https://opentelemetry.io/docs/specs/otel/context/api-propagators/#b3-requirements
 */
export function formatB3Single({ traceId, spanId, sampled }: TraceContext, debug: boolean): string {
  return `${traceId}-${spanId}-${decisionOf(sampled, debug)}`;
}

/** B3 in several headers. */
export function formatB3Multi(
  { traceId, spanId, sampled }: TraceContext,
  debug: boolean,
): Record<string, string> {
  const decision = decisionOf(sampled, debug);
  return {
    "x-b3-traceid": traceId,
    "x-b3-spanid": spanId,
    // Debug implies the decision to record, which is then not sent.
    ...(decision === "d" ? { "x-b3-flags": "1" } : { "x-b3-sampled": decision }),
  };
}

const decisions: ReadonlyMap<HeaderValue, string> = new Map([
  ["0", "0"],
  ["false", "0"],
  ["1", "1"],
  ["true", "1"],
]);

function decisionOf(sampled: boolean, debug: boolean): "0" | "1" | "d" {
  if (!sampled) return "0";
  return debug ? "d" : "1";
}

function hasIds(traceId: HeaderValue, spanId: HeaderValue): traceId is string {
  return (
    typeof traceId === "string" &&
    typeof spanId === "string" &&
    traceIdPattern.test(traceId) &&
    spanIdPattern.test(spanId)
  );
}

function remoteContext(
  format: "b3" | "b3multi",
  traceId: string | undefined,
  spanId: string | undefined,
  decision: string | undefined,
): RemoteContext {
  const rest = {
    sampled: decision === undefined ? undefined : decision !== "0",
    debug: decision === "d",
    traceState: undefined,
    format,
  };
  if (traceId === undefined || spanId === undefined)
    return { traceId: undefined, parentSpanId: undefined, ...rest };
  return { traceId: traceId.padStart(32, "0"), parentSpanId: spanId, ...rest };
}
