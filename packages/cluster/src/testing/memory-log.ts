import {
  pastAfterCrash,
  type LoggedWrite,
  type Past,
  type Recovered,
  type StoreLog,
} from "../apiserver/store/store-log.ts";

/** A log for tests that outlives the store which writes it, and can lose its newest commits. */
export interface MemoryLog {
  /** Opens it for a new store. */
  open(): StoreLog;
  /** Takes back up to so many of the newest commits, as a power failure does; the newest write that is left. */
  loseCommits(count: number): number;
}

/** So many numbers are left out after an end without a close, as the log in a file does. */
const width = 10_000;

/** Makes an empty one. */
export function createMemoryLog(): MemoryLog {
  const commits: (readonly LoggedWrite[])[] = [];
  let past: Past | undefined;
  const last = () => commits.at(-1)?.at(-1)?.revision ?? 0;
  return {
    open: () => ({
      recover(): Recovered {
        past =
          past === undefined
            ? { compacted: 0, gap: { from: 0, to: 0 } }
            : pastAfterCrash(past, last(), width);
        return { writes: commits.flat(), ...past };
      },
      append(writes) {
        commits.push(writes.map((write) => ({ ...write })));
      },
      [Symbol.dispose]() {},
    }),
    loseCommits(count) {
      commits.splice(Math.max(0, commits.length - count));
      return last();
    },
  };
}
