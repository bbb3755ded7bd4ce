import type { Outcome, OutcomeClass } from "./outcome.ts";
import type { Slot } from "./schedule.ts";

/** A request that has been started and has not ended. */
export interface Flight {
  readonly slot: Slot;
  readonly token: string;
  readonly intendedAt: number;
  readonly sentAt: number;
}

/** How a request ended on its connection. `class` is undefined when the generator itself could not send it. */
export interface Ending {
  readonly class: OutcomeClass | undefined;
  readonly status?: number;
  readonly detail?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the connection of a request adds to its record. */
export interface Carrier {
  readonly reusedConnection: boolean;
  readonly previous?: Readonly<Record<string, string>> | undefined;
  readonly peer?: string | undefined;
}

/** The record of a request that was sent and has ended. */
export function outcomeOf(
  flight: Flight,
  ending: Ending & { class: OutcomeClass },
  carrier: Carrier,
  doneAt: number,
): Outcome {
  const { previous, peer, reusedConnection } = carrier;
  return {
    ...ending,
    target: flight.slot.target.name,
    client: flight.slot.client,
    method: flight.slot.method,
    intendedAt: flight.intendedAt,
    sentAt: flight.sentAt,
    doneAt,
    reusedConnection,
    ...(ending.class !== "ok" && reusedConnection && previous !== undefined ? { previous } : {}),
    ...(peer === undefined ? {} : { peer }),
  };
}
