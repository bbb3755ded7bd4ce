import type { ProtobufReader } from "./protobuf-reader.ts";
import type { ProtobufWriter } from "./protobuf-writer.ts";

/** How values of one type are written as protobuf and as JSON. */
export interface ValueType {
  readonly wireType: WireType;
  /**
   * Reads a value, as JSON has it. A reader of a value with a length stands at its beginning, and ends where the value
   * does. `before` is what an earlier field of the same number gave, which a message adds to.
   */
  read(reader: ProtobufReader, before?: unknown): unknown;
  /** Writes a value, without its length. */
  write(writer: ProtobufWriter, value: unknown): void;
  /** What JSON has for a value that protobuf does not have. */
  zero(): unknown;
  /** Whether JSON leaves a value out as empty. */
  isEmpty(value: unknown): boolean;
}

/** https://protobuf.dev/programming-guides/encoding/#structure */
export type WireType = 0 | 1 | 2 | 5;
