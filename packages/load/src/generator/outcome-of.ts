import type { FailureClass, Outcome } from "../measure/outcome.ts";
import type { Carrier, Ending, Flight } from "../transport/flight.ts";

/** The record of a request that has failed. `timeOrigin`: milliseconds since the epoch at which the flight's clock was 0. */
export function outcomeOf(
  { lane, intendedMs, startedMs }: Flight,
  { class: failureClass, status, detail, headers }: Ending & { readonly class: FailureClass },
  { reused, previous, peer }: Carrier,
  nowMs: number,
  timeOrigin: number,
): Outcome & { readonly class: FailureClass } {
  return {
    class: failureClass,
    target: lane.target,
    client: lane.slot.client,
    method: lane.method,
    ...(lane.kind === undefined ? {} : { request: lane.kind }),
    intendedAt: timeOrigin + intendedMs,
    sentAt: timeOrigin + startedMs,
    doneAt: timeOrigin + nowMs,
    reusedConnection: reused,
    ...(status === undefined ? {} : { status }),
    ...(detail === undefined ? {} : { detail }),
    ...(headers === undefined ? {} : { headers }),
    ...(reused && previous !== undefined ? { previous } : {}),
    ...(peer === undefined ? {} : { peer }),
  };
}
