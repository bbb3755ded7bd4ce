import { coarsen, type CoarseCounts, coarsePercentileNs, mergeCounts } from "./coarse-counts.ts";
import type { HistogramData } from "./histogram.ts";
import type { Interval } from "./load-report.ts";

/** What a worker did since its last delta. */
export interface Delta {
  readonly worker: number;
  /** When the delta was made, in milliseconds after the start. A worker's deltas come in the order of their times. */
  readonly atMs: number;
  readonly scheduled: number;
  readonly ok: number;
  readonly failed: number;
  readonly unsent: number;
  readonly bytesReceived: number;
  /** Latency of the good answers, from the intended time. */
  readonly latency: HistogramData;
}

export interface TimelineOptions {
  readonly workers: number;
  /** Width of a row at first. */
  readonly rowMs?: number;
  /** The most rows that are kept; an even number. When there are more, each two neighbours become one row of double width. */
  readonly maxRows?: number;
}

/** The most rows that a silent worker can hold up. Its late deltas still count in the rows, but not in intervals given out. */
const patienceRows = 10;

/**
 * The course of a run in rows, from the deltas of its workers, in bounded memory for any duration: a row keeps its latencies with
 * two digits, and when there are too many rows, each two become one.
 *
 * A delta belongs to the row that holds the middle of its time, so that deltas which are made a little late do not move on
 * by a row. A row is complete when every worker has sent a delta from its end or later.
 */
export class Timeline {
  readonly #maxRows: number;
  /** Per worker, the time of its last delta. */
  readonly #heardMs: number[];
  #rowMs: number;
  #rows: Row[] = [];
  #complete = 0;

  constructor({ workers, rowMs = 1_000, maxRows = 1_800 }: TimelineOptions) {
    this.#heardMs = Array<number>(workers).fill(0);
    this.#rowMs = rowMs;
    this.#maxRows = maxRows;
  }

  /** Counts a delta, and gives the rows that are complete with it, each once. */
  add(delta: Delta): Interval[] {
    const heardMs = this.#heardMs[delta.worker] ?? 0;
    this.#heardMs[delta.worker] = delta.atMs;
    const at = Math.max(0, Math.floor((heardMs + delta.atMs) / 2 / this.#rowMs));
    while (this.#rows.length <= at) this.#rows.push(emptyRow);
    this.#rows[at] = plus(this.#rows[at] ?? emptyRow, rowOf(delta));
    const patientMs = (this.#rows.length - patienceRows) * this.#rowMs;
    return this.#completeTo(Math.max(patientMs, Math.min(...this.#heardMs)));
  }

  /** The rest of the rows, when no more deltas come. The last row ends with the last delta. */
  finish(): Interval[] {
    return this.#completeTo(Number.POSITIVE_INFINITY);
  }

  /** All rows so far, also those that are not complete. */
  rows(): Interval[] {
    let inFlight = 0;
    return this.#rows.map((row, at) => {
      inFlight += stillOpen(row);
      return this.#interval(row, at, inFlight);
    });
  }

  #completeTo(endMs: number): Interval[] {
    const completed: Interval[] = [];
    let inFlight = 0;
    for (let at = 0; at < this.#complete; at++) inFlight += stillOpen(this.#rows[at] ?? emptyRow);
    while (this.#complete < Math.min(this.#rows.length, Math.floor(endMs / this.#rowMs))) {
      const row = this.#rows[this.#complete] ?? emptyRow;
      inFlight += stillOpen(row);
      completed.push(this.#interval(row, this.#complete++, inFlight));
      // `#maxRows` is even, so no row that was given out is put together with one that was not.
      if (this.#complete === this.#maxRows) this.#halve();
    }
    return completed;
  }

  #interval(row: Row, at: number, inFlight: number): Interval {
    const { scheduled, ok, failed, unsent, bytesReceived } = row;
    const fromMs = at * this.#rowMs;
    const durationMs = Math.min(this.#rowMs, Math.max(...this.#heardMs) - fromMs);
    return {
      fromMs,
      durationMs,
      scheduled,
      ok,
      failed,
      unsent,
      inFlight,
      bytesReceived,
      ...percentiles(row),
    };
  }

  #halve(): void {
    const rows = this.#rows;
    const pairs = Array.from({ length: Math.ceil(rows.length / 2) }, (_, at) =>
      plus(rows[2 * at] ?? emptyRow, rows[2 * at + 1] ?? emptyRow),
    );
    this.#rows = pairs;
    this.#rowMs *= 2;
    this.#complete /= 2;
  }
}

/** What is kept of a row. */
interface Row {
  readonly scheduled: number;
  readonly ok: number;
  readonly failed: number;
  readonly unsent: number;
  readonly bytesReceived: number;
  readonly maxNs: number;
  readonly latency: CoarseCounts;
}

const emptyRow: Row = {
  scheduled: 0,
  ok: 0,
  failed: 0,
  unsent: 0,
  bytesReceived: 0,
  maxNs: 0,
  latency: new Uint32Array(),
};

function rowOf({ scheduled, ok, failed, unsent, bytesReceived, latency }: Delta): Row {
  return { scheduled, ok, failed, unsent, bytesReceived, maxNs: latency.maxNs, latency: coarsen(latency) };
}

function stillOpen({ scheduled, ok, failed, unsent }: Row): number {
  return scheduled - ok - failed - unsent;
}

function plus(a: Row, b: Row): Row {
  return {
    scheduled: a.scheduled + b.scheduled,
    ok: a.ok + b.ok,
    failed: a.failed + b.failed,
    unsent: a.unsent + b.unsent,
    bytesReceived: a.bytesReceived + b.bytesReceived,
    maxNs: Math.max(a.maxNs, b.maxNs),
    latency: mergeCounts(a.latency, b.latency),
  };
}

function percentiles({ latency, maxNs }: Row): Pick<Interval, "p50Ms" | "p90Ms" | "p99Ms" | "maxMs"> {
  const ms = (ns: number | undefined): number | undefined => (ns === undefined ? undefined : ns / 1e6);
  return {
    p50Ms: ms(coarsePercentileNs(latency, 50, maxNs)),
    p90Ms: ms(coarsePercentileNs(latency, 90, maxNs)),
    p99Ms: ms(coarsePercentileNs(latency, 99, maxNs)),
    maxMs: ms(latency.length === 0 ? undefined : maxNs),
  };
}
