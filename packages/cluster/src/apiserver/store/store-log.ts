/** A write as a log keeps it. */
export interface LoggedWrite {
  readonly revision: number;
  /** `group/plural`. */
  readonly collection: string;
  readonly key: string;
  /** Whether the object was taken out; `object` then is its last state. */
  readonly isDeletion: boolean;
  /** JSON. */
  readonly object: string;
  /** The write whose object this one takes the place of. */
  readonly replaces?: { readonly revision: number; readonly characters: number } | undefined;
}

/**
 * Revisions after `from` and before `to`, which have been given to clients, or may have been, and of which nobody knows any
 * more what they were. Those up to `to` must not be given again.
 */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

/** What a log knows of its past. */
export interface Past {
  /** The newest revision whose write may be forgotten. */
  readonly compacted: number;
  readonly gap: Gap;
}

/** What a log held when it was opened. */
export interface Recovered extends Past {
  /** The writes that are left, in order. Those up to `compacted` are the last of their objects, the others are all there. */
  readonly writes: Iterable<LoggedWrite>;
}

/** Where a store writes what it has to remember when its process is gone. */
export interface StoreLog extends Disposable {
  /** What it holds; asked for once, before the first `append`. */
  recover(): Recovered;
  /** Writes all of these, or none and throws. When it returns, a `kill -9` of the process does not undo it. */
  append(writes: readonly LoggedWrite[]): void;
}

/**
 * The past after an end without a close, by which up to `width` of the newest writes may be lost. One gap is remembered: when
 * there were writes since the one before, all that lies before its end is forgotten.
 */
export function pastAfterCrash({ compacted, gap }: Past, lastWrite: number, width: number): Past {
  return {
    compacted: lastWrite > gap.from ? Math.max(compacted, gap.to) : compacted,
    gap: { from: lastWrite, to: Math.max(lastWrite, gap.to) + width },
  };
}
