import type { ValueType } from "./value-type.ts";

const text: ValueType = {
  wireType: 2,
  read: (reader) => reader.restAsText(),
  write: (writer, value) => writer.text(String(value)),
  zero: () => "",
  isEmpty: (value) => value === "",
};

const bool: ValueType = {
  wireType: 0,
  read: (reader) => reader.varint() !== 0,
  write: (writer, value) => writer.varint(value === true ? 1 : 0),
  zero: () => false,
  isEmpty: (value) => value === false,
};

const int64: ValueType = {
  wireType: 0,
  read: (reader) => reader.int64(),
  write: (writer, value) => writer.int64(wholeNumber(value)),
  zero: () => 0,
  isEmpty: (value) => value === 0,
};

/** Negative ones are written with 64 bits, too. */
const int32: ValueType = { ...int64, read: (reader) => reader.int64() | 0 };

const double: ValueType = {
  wireType: 1,
  read: (reader) => reader.double(),
  write: (writer, value) => writer.double(Number(value)),
  zero: () => 0,
  isEmpty: (value) => value === 0,
};

/** Bytes, which JSON has in base64. */
const bytes: ValueType = {
  wireType: 2,
  read: (reader) => reader.rest().toString("base64"),
  write: (writer, value) => writer.bytes(Buffer.from(String(value), "base64")),
  zero: () => null,
  isEmpty: (value) => value === "",
};

/** The types that every protobuf has, by the names that the generated file has for them. */
export const scalars: Readonly<Record<string, ValueType>> = {
  string: text,
  bool,
  int32,
  int64,
  double,
  bytes,
};

function wholeNumber(value: unknown): number {
  const number = Math.trunc(Number(value));
  return Number.isFinite(number) ? number : 0;
}
