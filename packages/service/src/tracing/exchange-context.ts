import {
  type Context,
  createContextKey,
  createTraceState,
  ROOT_CONTEXT,
  type Span,
  trace,
  TraceFlags,
} from "@opentelemetry/api";
import { type Sampler as SdkSampler, SamplingDecision } from "@opentelemetry/sdk-trace";
import type { Sampler } from "./sampler.ts";
import type { RemoteContext } from "./trace-context.ts";

/** Under this key a context says whether the exchange that it belongs to is recorded. */
const recordedKey = createContextKey("@seaworthy/service recorded");
const recorded = ROOT_CONTEXT.setValue(recordedKey, true);

/**
 * The context of every exchange that is not recorded: one for all, so that it costs nothing to make. Without it the
 * spans of instrumented libraries would begin traces of their own there.
 */
export const unrecordedContext = ROOT_CONTEXT.setValue(recordedKey, false);

/** The context in which a recorded exchange is worked on. */
export function recordedContext(span: Span): Context {
  return trace.setSpan(recorded, span);
}

/** The context from which the span of a recorded exchange begins: with the caller's span where there is one. */
export function parentContext(remote: RemoteContext | undefined): Context {
  if (remote?.traceId === undefined) return recorded;
  return trace.setSpanContext(recorded, {
    traceId: remote.traceId,
    spanId: remote.parentSpanId,
    traceFlags: remote.sampled === true ? TraceFlags.SAMPLED : TraceFlags.NONE,
    isRemote: true,
    ...(remote.traceState === undefined ? {} : { traceState: createTraceState(remote.traceState) }),
  });
}

/** Lets spans follow the decision for their exchange. For spans outside of one, such as a timer's, it asks `sampler`. */
export function followExchange(sampler: Sampler): SdkSampler {
  return {
    shouldSample(context, traceId) {
      const flags = trace.getSpanContext(context)?.traceFlags;
      const parentSampled = flags === undefined ? undefined : (flags & TraceFlags.SAMPLED) !== 0;
      const isRecorded = context.getValue(recordedKey) ?? sampler.records(traceId, parentSampled);
      return {
        decision: isRecorded === true ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.NOT_RECORD,
      };
    },
    toString: () => "FollowExchange",
  };
}
