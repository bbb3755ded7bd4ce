/** Good answers one by one: when each was due, in milliseconds after the start, how long it took from then, and who gave it. */
export interface Answers {
  /** Values of the first of `recordHeaders`; `by` counts from 1 in them, and 0 is an answer that named nobody. */
  readonly names: readonly string[];
  readonly dueMs: readonly number[];
  readonly latencyMs: readonly number[];
  readonly by: readonly number[];
  /** Whether it came on a connection that had carried an earlier request: what was not, was routed anew. */
  readonly reused: readonly boolean[];
}

/** So many names fit into one byte, beside nobody and the rest. */
const maxNames = 254;

/** Keeps good answers one by one, up to a limit, so that memory stays bounded for a run of any length. */
export class AnswerLog {
  readonly #limit: number;
  readonly #numbers = new Map<string, number>();
  #count = 0;
  #dueMs: number[] = [];
  #latencyMs: number[] = [];
  #by: number[] = [];
  #reused: boolean[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(dueMs: number, latencyMs: number, name: string | undefined, reused = false): void {
    if (this.#count >= this.#limit) return;
    this.#count += 1;
    this.#dueMs.push(dueMs);
    this.#latencyMs.push(latencyMs);
    this.#by.push(name === undefined ? 0 : this.#numberOf(name));
    this.#reused.push(reused);
  }

  /** Adds what another log gave. */
  addData({ names, dueMs, latencyMs, by, reused }: Answers): void {
    for (const [at, due] of dueMs.entries()) this.add(due, latencyMs[at]!, names[by[at]! - 1], reused[at]);
  }

  /** What is kept. */
  toData(): Answers {
    return {
      names: [...this.#numbers.keys()],
      dueMs: this.#dueMs,
      latencyMs: this.#latencyMs,
      by: this.#by,
      reused: this.#reused,
    };
  }

  /** What came in since the last call. What was given still counts for the limit. */
  take(): Answers {
    const data = this.toData();
    this.#dueMs = [];
    this.#latencyMs = [];
    this.#by = [];
    this.#reused = [];
    return data;
  }

  #numberOf(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    if (this.#numbers.size >= maxNames) return 0;
    this.#numbers.set(name, this.#numbers.size + 1);
    return this.#numbers.size;
  }
}
