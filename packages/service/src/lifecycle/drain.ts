import type { Budget } from "./budget.ts";
import type { ConnectionSet, CutConnections } from "./connection-set.ts";

/** How a drain went. */
export interface DrainResult {
  /** How long requests were still accepted, and how long the last ones then took. */
  readonly acceptingMs: number;
  readonly endingMs: number;
  readonly cut: readonly CutConnections[];
}

/** Clock and timers, so that a test can hold them. */
export interface DrainClock {
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

const tickMs = 25;
const mostClosingTurns = 10;

/**
 * Takes servers out of traffic without losing a request:
 * 1. every answer says that its connection closes, and new requests are served as before, for at least `drainMs`;
 * 2. this goes on until no traffic has come for `quietMs`, but not longer than `drainMaxMs`;
 * 3. all listeners close; GOAWAY, WebSocket's Close and the end of event streams go out; idle connections are ended;
 * 4. requests under way have until `requestsUntilMs`; those that are left then are cut, and counted.
 */
export async function drain(
  sets: readonly ConnectionSet[],
  budget: Pick<Budget, "drainMs" | "drainMaxMs" | "requestsUntilMs">,
  quietMs: number,
  { now, sleep }: DrainClock,
): Promise<DrainResult> {
  const startMs = now();
  const deadlineMs = startMs + budget.requestsUntilMs;
  for (const set of sets) set.announceClose();
  while (sets.some((set) => set.server.listening || set.size > 0)) {
    const last = Math.max(...sets.map((set) => set.lastTrafficMs()));
    const untilMs = Math.min(Math.max(startMs + budget.drainMs, last + quietMs), startMs + budget.drainMaxMs);
    if (now() >= untilMs) break;
    await sleep(Math.min(untilMs - now(), tickMs));
  }
  const acceptingMs = now() - startMs;
  // Right after the poll phase the kernel's queue of new connections is as empty as it gets: closing resets those in it.
  await afterPoll();
  for (const set of sets) set.stopListening();
  for (;;) {
    // A request that the kernel has received is read in the poll phase; only after it does idle mean idle.
    await afterPoll();
    for (const set of sets) set.reap();
    if (sets.every((set) => set.size === 0) || now() >= deadlineMs) break;
    await sleep(Math.min(Math.max(deadlineMs - now(), 0), tickMs));
  }
  const cut = sets.map((set) => set.destroyAll());
  const endingMs = now() - startMs - acceptingMs;
  // A cut request is logged and traced when it has closed, some turns of the event loop later: the process must wait for that.
  for (let turn = 0; turn < mostClosingTurns && sets.some((set) => set.size > 0); turn += 1)
    await afterPoll();
  await afterPoll();
  return { acceptingMs, endingMs, cut };
}

async function afterPoll(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
