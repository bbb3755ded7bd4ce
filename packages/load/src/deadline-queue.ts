/**
 * Things that end when the same fixed time has passed since they were added. Deadlines then come in the order of adding,
 * so a sweep looks only at what has expired.
 */
export class DeadlineQueue<T> {
  readonly #timeoutMs: number;
  readonly #deadlines = new Map<T, number>();

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  add(item: T, now: number): void {
    this.#deadlines.delete(item);
    this.#deadlines.set(item, now + this.#timeoutMs);
  }

  delete(item: T): boolean {
    return this.#deadlines.delete(item);
  }

  /** Takes out everything whose time has come, and hands it to `expired`. */
  expire(now: number, expired: (item: T) => void): void {
    for (const [item, deadline] of this.#deadlines) {
      if (deadline > now) return;
      this.#deadlines.delete(item);
      expired(item);
    }
  }
}
