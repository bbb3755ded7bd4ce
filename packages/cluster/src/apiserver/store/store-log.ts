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

/** What a log held when it was opened. */
export interface Recovered {
  /** The writes that are left, in order. Those up to `compacted` are the last of their objects, the others are all there. */
  readonly writes: Iterable<LoggedWrite>;
  readonly compacted: number;
  /** Revisions up to this one have been given to clients, or may have been, and must not be given again. */
  readonly revision: number;
}

/** Where a store writes what it has to remember when its process is gone. */
export interface StoreLog extends Disposable {
  /** What it holds; asked for once, before the first `append`. */
  recover(): Recovered;
  /** Writes all of these, or none and throws. When it returns, a `kill -9` of the process does not undo it. */
  append(writes: readonly LoggedWrite[]): void;
}
