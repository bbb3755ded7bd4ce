import type { RemoteContext, TraceContext } from "./trace-context.ts";

type HeaderValue = string | string[] | undefined;

/** Version, trace id, span id, flags, and whatever a later version may append. */
const traceparentPattern = /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}(?:-|$)/;
const version00Length = 55;
const noTraceId = "0".repeat(32);
const noSpanId = "0".repeat(16);

/**
 * Reads `traceparent` with its `tracestate` as W3C Trace Context §3.2 and §3.3 say: a version above 00 is read as far
 * as 00 goes; a `tracestate` that is not valid is dropped and does not invalidate `traceparent`. Undefined: not valid.
 */
export function readTraceparent(value: HeaderValue, state: HeaderValue): RemoteContext | undefined {
  if (typeof value !== "string" || !traceparentPattern.test(value) || value.startsWith("ff"))
    return undefined;
  if (value.startsWith("00") && value.length !== version00Length) return undefined;
  const traceId = value.slice(3, 35);
  const parentSpanId = value.slice(36, 52);
  if (traceId === noTraceId || parentSpanId === noSpanId) return undefined;
  return {
    traceId,
    parentSpanId,
    // The lowest bit of the flags: their last digit is odd.
    sampled: "13579bdf".includes(value.charAt(54)),
    debug: false,
    traceState: state === undefined ? undefined : readTracestate(String(state)),
    format: "tracecontext",
  };
}

/** The header for a request to the next service, in version 00. Flags that 00 does not know are zero. */
export function formatTraceparent({ traceId, spanId, sampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${sampled ? "01" : "00"}`;
}

const maxLength = 512;
const longMemberLength = 128;
const member = String.raw`[a-z\d][a-z\d_\-*/@]{0,255}=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{1,256}`;
const listPattern = new RegExp(`^${member}(?:,${member}){0,31}$`);

/**
 * The members of a `tracestate` that are passed on. When all together have more than 512 characters, the long ones are
 * left out first and then the last ones: https://www.w3.org/TR/trace-context/#tracestate-limits. Undefined: empty or not
 * valid.
 */
function readTracestate(value: string): string | undefined {
  if (value.length <= maxLength && listPattern.test(value)) return value;
  let members = value
    .split(",")
    .map((text) => text.trim())
    .filter((text) => text !== "");
  if (!listPattern.test(members.join(","))) return undefined;
  if (members.join(",").length > maxLength)
    members = members.filter((text) => text.length <= longMemberLength);
  while (members.join(",").length > maxLength) members.pop();
  return members.length === 0 ? undefined : members.join(",");
}
