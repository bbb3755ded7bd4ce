import { formatDuration, parseDuration } from "../go/go-duration.ts";
import { Message, type MessageField } from "./message.ts";
import { ProtobufError } from "./protobuf-error.ts";
import type { ProtobufReader } from "./protobuf-reader.ts";
import type { ProtobufWriter } from "./protobuf-writer.ts";
import { scalars } from "./scalars.ts";
import type { ValueType } from "./value-type.ts";

/**
 * The types whose JSON is not the object that their message is, by the names that the generated file has for them. Each is
 * read and written as its message, whose JSON is then made into the type's own.
 */
export const specialValues: Readonly<Record<string, ValueType>> = {
  // https://github.com/kubernetes/apimachinery/blob/v0.36.3/pkg/apis/meta/v1/time_proto.go
  time: special(
    { seconds: [1, "int64"], nanos: [2, "int32"] },
    ({ seconds, nanos }) => (isZeroTime(seconds, nanos) ? null : `${isoSeconds(seconds)}Z`),
    (time) => (time === null ? undefined : { seconds: Math.floor(millisecondsOf(time) / 1000), nanos: 0 }),
    null,
  ),
  microTime: special(
    { seconds: [1, "int64"], nanos: [2, "int32"] },
    ({ seconds, nanos }) => {
      if (isZeroTime(seconds, nanos)) return null;
      const micros = String(Math.floor(Number(nanos) / 1000)).padStart(6, "0");
      return `${isoSeconds(seconds)}.${micros}Z`;
    },
    (time) => {
      if (time === null) return undefined;
      const seconds = Math.floor(millisecondsOf(time) / 1000);
      const fraction = /\.(\d{1,6})/.exec(String(time))?.[1] ?? "";
      return { seconds, nanos: Number(fraction.padEnd(6, "0")) * 1000 };
    },
    null,
  ),
  duration: special(
    { duration: [1, "int64"] },
    ({ duration }) => formatDuration(Number(duration)),
    (duration) => ({ duration: parseDuration(String(duration)) }),
    "0s",
  ),
  quantity: special(
    { string: [1, "string"] },
    ({ string }) => (string === "" ? "0" : string),
    (quantity) => ({ string: String(quantity) }),
    "0",
  ),
  intOrString: special(
    { type: [1, "int64"], intVal: [2, "int32"], strVal: [3, "string"] },
    ({ type, intVal, strVal }) => (type === 1 ? strVal : intVal),
    (value) =>
      typeof value === "string"
        ? { type: 1, intVal: 0, strVal: value }
        : { type: 0, intVal: value, strVal: "" },
    0,
  ),
  raw: {
    wireType: 2,
    read(reader) {
      const { raw } = rawMessage.read(reader);
      return typeof raw === "string" && raw !== "" ? parseRaw(Buffer.from(raw, "base64")) : null;
    },
    write(writer, value) {
      const raw = value === null ? undefined : Buffer.from(JSON.stringify(value)).toString("base64");
      rawMessage.write(writer, { raw });
    },
    zero: () => null,
    isEmpty: (value) => value === null,
  },
  strings: special(
    { items: [1, "string", "list"] },
    ({ items }) => items ?? [],
    (items) => ({ items }),
    null,
  ),
};

/** The types of JSON schemas that are a schema or something simpler: boolean, list of schemas, list of names. */
export const schemaTypes: Readonly<Record<string, (schema: Message) => ValueType>> = {
  schemaOrBool: (schema) =>
    special(
      { allows: [1, "bool"], schema: [2, schema] },
      (values) => values["schema"] ?? values["allows"],
      (value) => (typeof value === "object" ? { allows: true, schema: value } : { allows: value }),
      null,
    ),
  schemaOrArray: (schema) =>
    special(
      { schema: [1, schema], jSONSchemas: [2, schema, "list"] },
      (values) => values["jSONSchemas"] ?? values["schema"] ?? null,
      (value) => (Array.isArray(value) ? { jSONSchemas: value } : { schema: value }),
      null,
    ),
  schemaOrStrings: (schema) =>
    special(
      { schema: [1, schema], property: [2, "string", "list"] },
      (values) => values["property"] ?? values["schema"] ?? null,
      (value) => (Array.isArray(value) ? { property: value } : { schema: value }),
      null,
    ),
};

type Fields = Readonly<Record<string, readonly [number: number, type: string | Message, shape?: "list"]>>;

/** A type that is written as a message of some fields; `undefined` is written as an empty one. */
function special(
  fields: Fields,
  toJson: (values: Record<string, unknown>) => unknown,
  fromJson: (value: unknown) => Record<string, unknown> | undefined,
  zero: unknown,
): ValueType {
  const message = messageOf(fields);
  return {
    wireType: 2,
    read: (reader: ProtobufReader) => toJson(message.read(reader)),
    write(writer: ProtobufWriter, value: unknown) {
      const values = fromJson(value);
      if (values !== undefined) message.write(writer, values);
    },
    zero: () => zero,
    isEmpty: (value) => value === null,
  };
}

function messageOf(fields: Fields): Message {
  const message = new Message("");
  message.setFields(
    Object.entries(fields).map(([name, [number, type, list]]): MessageField => ({
      name,
      number,
      shape: list ?? "single",
      isOptional: typeof type !== "string" || type === "bytes",
      isAlwaysShown: typeof type === "string" && list === undefined,
      type: typeof type === "string" ? scalars[type]! : type,
    })),
  );
  return message;
}

const rawMessage = messageOf({ raw: [1, "bytes"] });

function parseRaw(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    throw new ProtobufError("an embedded object is no JSON");
  }
}

/** The time of Go's year 1, and that of a message without fields. */
function isZeroTime(seconds: unknown, nanos: unknown): boolean {
  return nanos === 0 && (seconds === 0 || seconds === -62_135_596_800);
}

function isoSeconds(seconds: unknown): string {
  const date = new Date(Number(seconds) * 1000);
  const year = date.getUTCFullYear();
  if (!(year >= 0 && year <= 9999)) throw new ProtobufError("a time is outside the years 0 to 9999");
  return date.toISOString().slice(0, 19);
}

function millisecondsOf(time: unknown): number {
  const milliseconds = Date.parse(String(time));
  return Number.isNaN(milliseconds) ? 0 : milliseconds;
}
