import type { Arrivals } from "./arrivals.ts";
import { randomBits } from "./seeded.ts";

/** Goes through one worker's requests in the order of their times. Its fields change with each step, so that a step allocates nothing. */
export interface Cursor {
  /** The request's number in the run. */
  i: number;
  /** When the request is due, in milliseconds after the start; Infinity behind the last one. In a closed loop 0: at once. */
  dueMs: number;
  next(): void;
}

/** A worker's share of the requests: each request i with `i mod workers = worker`, below `limit`. */
export interface Share {
  readonly worker: number;
  readonly workers: number;
  readonly limit: number;
}

/** Requests at even distances: request i is due when the integral of the rate passes i, the first at the start. */
export class ConstantCursor implements Cursor {
  i: number;
  dueMs = 0;
  readonly #arrivals: Arrivals;
  readonly #share: Share;

  constructor(arrivals: Arrivals, share: Share) {
    this.#arrivals = arrivals;
    this.#share = share;
    this.i = share.worker - share.workers;
    this.next();
  }

  next(): void {
    this.i += this.#share.workers;
    this.dueMs = this.i < this.#share.limit ? this.#arrivals.dueMs(this.i) : Number.POSITIVE_INFINITY;
  }
}

/**
 * Requests that come independently of each other: the integral of the rate grows by an exponential gap of mean 1 from one
 * request to the next. Every worker draws the gaps of all requests, so that the times do not depend on the number of workers.
 */
export class PoissonCursor implements Cursor {
  i = -1;
  dueMs = 0;
  readonly #arrivals: Arrivals;
  readonly #share: Share;
  readonly #bits: () => number;
  #count = 0;

  constructor(arrivals: Arrivals, share: Share, seed: number) {
    this.#arrivals = arrivals;
    this.#share = share;
    this.#bits = randomBits(seed);
    this.#advance(share.worker + 1);
  }

  next(): void {
    this.#advance(this.#share.workers);
  }

  #advance(steps: number): void {
    this.i += steps;
    for (let step = 0; step < steps; step++) this.#count -= Math.log((this.#bits() + 0.5) / 2 ** 32);
    const over = this.i >= this.#share.limit || this.#arrivals.isOver(this.#count);
    this.dueMs = over ? Number.POSITIVE_INFINITY : this.#arrivals.dueMs(this.#count);
  }
}

/** The requests of a closed loop: a client takes the next one when it has its answer. */
export class ClosedCursor implements Cursor {
  i: number;
  dueMs = 0;
  readonly #share: Share;

  constructor(share: Share) {
    this.#share = share;
    this.i = share.worker - share.workers;
    this.next();
  }

  next(): void {
    this.i += this.#share.workers;
    this.dueMs = this.i < this.#share.limit ? 0 : Number.POSITIVE_INFINITY;
  }
}
