/** How long the state before a write can still be listed. */
const lifeMs = 5 * 60_000;

/** Writes of so long are noted down together. */
const markMs = 60_000;

/** Which states are too old to be listed, however few writes there have been since. */
export interface Expiry {
  /** Notes down that a revision was the newest at a time. */
  note(nowMs: number, revision: number): void;
  /** The oldest revision whose state can be listed. */
  oldest(nowMs: number): number;
}

/**
 * Makes the counterpart of what compacts etcd for Kubernetes every five minutes, up to where it was five minutes before. States
 * here live for five to six minutes after the write that takes their place, there for five to ten.
 * https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/storage/etcd3/compact.go
 */
export function createExpiry(): Expiry {
  /** The older first; at most one that is older than a life, and one for each minute of it. */
  const marks: { readonly fromMs: number; toMs: number; revision: number }[] = [];
  const oldest = (nowMs: number): number => {
    while (marks[1] !== undefined && marks[1].toMs <= nowMs - lifeMs) marks.shift();
    const [first] = marks;
    return first !== undefined && first.toMs <= nowMs - lifeMs ? first.revision : 0;
  };
  return {
    note(nowMs, revision) {
      const last = marks.at(-1);
      if (last === undefined || nowMs - last.fromMs >= markMs) {
        marks.push({ fromMs: nowMs, toMs: nowMs, revision });
        oldest(nowMs);
      } else if (revision !== last.revision) {
        last.toMs = nowMs;
        last.revision = revision;
      }
    },
    oldest,
  };
}
