import { newTraceId, positionOf, type Random } from "./trace-ids.ts";
import type { RemoteContext } from "./trace-context.ts";

/** All six samplers that `OTEL_TRACES_SAMPLER` can name, as two numbers. */
export interface SamplerSettings {
  /** Whether the caller's decision is kept where it made one. */
  readonly parentBased: boolean;
  /** The part of the traces to record, from 0 to 1, where no caller decides. */
  readonly ratio: number;
}

/** Decides what is recorded before anything is made for it. */
export interface Sampler {
  /** For a request: the id of the trace to record it in. Undefined: it is not recorded. */
  traceIdFor(remote: RemoteContext | undefined): string | undefined;
  /** For a span that some other code begins: whether it is recorded. */
  records(traceId: string, parentSampled: boolean | undefined): boolean;
}

/**
 * Samples as https://opentelemetry.io/docs/specs/otel/trace/sdk/#sampling says. The decision by ratio compares the
 * random part of the trace id with a threshold, as in
 * https://opentelemetry.io/docs/specs/otel/trace/tracestate-probability-sampling/. For a new trace that part is drawn
 * first, so that an id is made only when the trace is recorded.
 */
export function createSampler({ parentBased, ratio }: SamplerSettings, random: Random): Sampler {
  const threshold = 1 - ratio;
  const isWithin = (position: number): boolean => position >= threshold;

  return {
    traceIdFor(remote) {
      if (parentBased && remote?.sampled !== undefined) {
        return remote.sampled ? (remote.traceId ?? newTraceId(random)) : undefined;
      }
      if (remote?.traceId !== undefined)
        return isWithin(positionOf(remote.traceId)) ? remote.traceId : undefined;
      const position = random();
      return isWithin(position) ? newTraceId(random, position) : undefined;
    },
    records(traceId, parentSampled) {
      return parentBased && parentSampled !== undefined ? parentSampled : isWithin(positionOf(traceId));
    },
  };
}
