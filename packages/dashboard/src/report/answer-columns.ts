import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { Answers } from "@seaworthy/load";

/** What a report keeps of answers. */
export type AnswerColumns = Omit<Answers, "reused">;

/** Good answers in six bytes each, column after column, as deflated base64. */
export interface PackedAnswers {
  readonly count: number;
  readonly names: readonly string[];
  readonly columns: string;
}

const bytesEach = 6;
/** 65,535 steps of latency, each 0.05 % longer than the one before, reach from 1 µs to days. */
const stepsPerDoubling = 1_400;
/** A crafted file cannot make more memory than this. */
const mostAnswers = 4_000_000;

/** Packs answers in the order in which they were due: three bytes of time in milliseconds, two of latency, one of who answered. */
export function packAnswers({ names, dueMs, latencyMs, by }: AnswerColumns): PackedAnswers {
  const order = dueMs.map((_, at) => at).toSorted((left, right) => dueMs[left]! - dueMs[right]!);
  const count = order.length;
  const bytes = new Uint8Array(count * bytesEach);
  let before = 0;
  for (const [row, at] of order.entries()) {
    const due = Math.max(before, Math.round(dueMs[at]!));
    const step = Math.min(0xffff, Math.round(Math.log2(1 + latencyMs[at]! * 1_000) * stepsPerDoubling));
    const values = [due - before, (due - before) >> 8, (due - before) >> 16, step >> 8, step, by[at]!];
    for (const [column, value] of values.entries()) bytes[column * count + row] = value & 0xff;
    before = due;
  }
  return { count, names, columns: deflateRawSync(bytes, { level: 9 }).toString("base64") };
}

/** The answers again: times to the millisecond, latencies to 0.05 %. */
export function unpackAnswers({ count, names, columns }: PackedAnswers): AnswerColumns {
  const bytes = inflateRawSync(Buffer.from(columns, "base64"), { maxOutputLength: mostAnswers * bytesEach });
  const answers = { names, dueMs: [] as number[], latencyMs: [] as number[], by: [] as number[] };
  let due = 0;
  for (let row = 0; row < Math.min(count, bytes.length / bytesEach); row++) {
    const [low, middle, high, stepHigh, stepLow, by] = Array.from(
      { length: bytesEach },
      (_, column) => bytes[column * count + row] ?? 0,
    ) as [number, number, number, number, number, number];
    due += low + middle * 0x100 + high * 0x1_0000;
    answers.dueMs.push(due);
    answers.latencyMs.push((2 ** ((stepHigh * 0x100 + stepLow) / stepsPerDoubling) - 1) / 1_000);
    answers.by.push(by);
  }
  return answers;
}
