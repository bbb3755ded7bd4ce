import type { LoadReport, Outcome, StreamEnd, UnendedStream } from "@seaworthy/load";
import { attribute, type AttributionContext } from "../causes/attribute.ts";
import type { Cause } from "../causes/cause.ts";
import { findPod } from "../causes/find-pod.ts";

/** One stream that was held, or that nobody opened, with the pod that it led to. */
export interface HeldStream {
  readonly kind: StreamEnd["kind"];
  readonly target: string;
  readonly path: string;
  readonly end: (StreamEnd | UnendedStream)["end"];
  readonly detail: string;
  /** Milliseconds since the epoch; of one that was `refused`, both are the moment of the first try. */
  readonly openedAt: number;
  readonly endedAt: number;
  /** How long its client was without one afterwards; null when it did not come back before the end of the run. */
  readonly withoutMs: number | null;
  readonly pod: string | null;
  /** Of broken ones. */
  readonly cause?: Cause;
}

const mostStreams = 10_000;

/** Every stream of a run in the order of their ends, up to a limit. */
export function heldStreams(
  reports: readonly Pick<LoadReport, "streamEnds" | "unendedStreams">[],
  context: AttributionContext,
): HeldStream[] {
  return reports
    .flatMap(({ streamEnds, unendedStreams }) => [...streamEnds, ...unendedStreams])
    .toSorted((left, right) => left.endedAt - right.endedAt)
    .slice(0, mostStreams)
    .map((stream) => {
      const { kind, target, path, end, detail, withoutMs } = stream;
      const [openedAt, endedAt] = [Math.round(stream.openedAt), Math.round(stream.endedAt)];
      return {
        kind,
        target,
        path,
        end,
        detail,
        openedAt,
        endedAt,
        withoutMs: withoutMs === undefined ? null : Math.round(withoutMs),
        ...podOf(stream, context),
      };
    });
}

/** A stream to the timeline: a request that is cut in the middle of its answer. */
export function streamAsOutcome({
  detail,
  target,
  endedAt,
  headers,
  peer,
}: StreamEnd | UnendedStream): Outcome {
  return {
    class: /^(?:ECONNRESET|RST_STREAM)/.test(detail) ? "reset-mid-answer" : "closed-mid-answer",
    target,
    client: "keep-alive",
    method: "GET",
    intendedAt: endedAt,
    sentAt: endedAt,
    doneAt: endedAt,
    reusedConnection: false,
    ...(headers === undefined ? {} : { headers }),
    ...(peer === undefined ? {} : { peer }),
  };
}

/** Only a broken stream may be told by the time which pod it led to; a refused one led to none. */
function podOf(
  stream: StreamEnd | UnendedStream,
  context: AttributionContext,
): Pick<HeldStream, "pod" | "cause"> {
  if (stream.end === "refused") return { pod: null };
  const outcome = streamAsOutcome(stream);
  if (stream.end === "broken") {
    const { pod, cause } = attribute(outcome, context);
    return { pod: pod?.name ?? null, cause };
  }
  const { pod, certain } = findPod(outcome, stream.openedAt, context);
  return { pod: certain ? (pod?.name ?? null) : null };
}
