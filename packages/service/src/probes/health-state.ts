import type { ProbeState } from "./probes.ts";

/**
 * What the main thread tells the health thread, in memory that both see: when its event loop last ran, on the clock of
 * `process.hrtime`, which is one for all threads, and whether it is ready.
 */
export interface HealthState {
  readonly memory: SharedArrayBuffer;
  write(state: Pick<ProbeState, "isReady">): void;
  read(): { readonly ageMs: number; readonly isReady: boolean };
}

/** Makes the state, or takes up the one in memory that the other thread has made. */
export function createHealthState(memory = new SharedArrayBuffer(16)): HealthState {
  const beat = new BigInt64Array(memory, 0, 1);
  const ready = new Int32Array(memory, 8, 1);
  return {
    memory,
    write({ isReady }) {
      Atomics.store(ready, 0, isReady ? 1 : 0);
      Atomics.store(beat, 0, process.hrtime.bigint());
    },
    read: () => ({
      ageMs: Number(process.hrtime.bigint() - Atomics.load(beat, 0)) / 1e6,
      isReady: Atomics.load(ready, 0) === 1,
    }),
  };
}
