import { ProtobufError } from "./protobuf-error.ts";
import type { ProtobufReader } from "./protobuf-reader.ts";
import type { ProtobufWriter } from "./protobuf-writer.ts";
import { scalars } from "./scalars.ts";
import type { ValueType } from "./value-type.ts";

/** A field of a message. */
export interface MessageField {
  /** What JSON calls it; empty for a message whose fields stand, in JSON, among those of the one that has it. */
  readonly name: string;
  readonly number: number;
  readonly shape: "single" | "list" | "map";
  /** Whether protobuf can be without it. */
  readonly isOptional: boolean;
  /** Whether JSON has it when it is absent or zero. */
  readonly isAlwaysShown: boolean;
  readonly type: ValueType;
}

type Values = Record<string, unknown>;

/** A message: an object in JSON. */
export class Message implements ValueType {
  readonly wireType = 2;
  readonly name: string;
  #byNumber: ReadonlyMap<number, MessageField> = new Map();
  /** The last comes first, as messages are written from their end. */
  #backwards: readonly MessageField[] = [];
  #alwaysShown: readonly MessageField[] = [];

  constructor(name: string) {
    this.name = name;
  }

  /** Says which fields it has. Messages may contain themselves, so that a message is there before its fields are. */
  setFields(fields: readonly MessageField[]): void {
    this.#byNumber = new Map(fields.map((field) => [field.number, field]));
    this.#backwards = fields.toSorted((a, b) => b.number - a.number);
    this.#alwaysShown = fields.filter(
      ({ name, isOptional, isAlwaysShown }) => isAlwaysShown || (name === "" && !isOptional),
    );
  }

  /** Reads into what an earlier part of the same message left, if there was one: `null` where it said nothing. */
  read(reader: ProtobufReader, before?: unknown): Values {
    const values = (before ?? {}) as Values;
    for (let number = reader.nextField(this.name); number > 0; number = reader.nextField(this.name)) {
      const field = this.#byNumber.get(number);
      if (field === undefined) reader.skip();
      else readField(reader, field, values);
    }
    this.#fill(values);
    return values;
  }

  write(writer: ProtobufWriter, value: unknown): void {
    const values = (value ?? {}) as Values;
    for (const field of this.#backwards) writeField(writer, field, values);
  }

  zero(): Values {
    const values: Values = {};
    this.#fill(values);
    return values;
  }

  isEmpty(): boolean {
    return false;
  }

  #fill(values: Values): void {
    for (const { name, type, shape, isOptional } of this.#alwaysShown) {
      if (name === "") (type as Message).#fill(values);
      else if (values[name] === undefined)
        set(values, name, shape === "single" && !isOptional ? type.zero() : null);
    }
  }
}

function readField(reader: ProtobufReader, field: MessageField, values: Values): void {
  const { name, type, shape } = field;
  if (shape === "map") return readEntry(reader, field, values);
  if (shape === "list") return readItems(reader, field, values);
  if (name === "") {
    readValue(reader, field, type, values);
    return;
  }
  const value = readValue(reader, field, type, own(values, name));
  if (field.isOptional || field.isAlwaysShown || !type.isEmpty(value)) set(values, name, value);
  else delete values[name];
}

function readItems(reader: ProtobufReader, field: MessageField, values: Values): void {
  const items = (own(values, field.name) ?? []) as unknown[];
  set(values, field.name, items);
  // Numbers may come packed: https://protobuf.dev/programming-guides/encoding/#packed
  if (field.type.wireType === 2 || reader.wireType !== 2) {
    items.push(readValue(reader, field, field.type));
    return;
  }
  const outer = reader.enter();
  while (!reader.isAtEnd) items.push(field.type.read(reader));
  reader.leave(outer);
}

/** An entry of a map is a message with the key as its first field and the value as its second. */
function readEntry(reader: ProtobufReader, field: MessageField, values: Values): void {
  const entries = (own(values, field.name) ?? {}) as Values;
  set(values, field.name, entries);
  checkWireType(reader, field, 2);
  const outer = reader.enter();
  let key = "";
  let value: unknown;
  for (let number = reader.nextField("Entry"); number > 0; number = reader.nextField("Entry")) {
    if (number === 1) key = String(readValue(reader, field, scalars["string"]!));
    else if (number === 2) value = readValue(reader, field, field.type);
    else reader.skip();
  }
  reader.leave(outer);
  set(entries, key, value ?? field.type.zero());
}

function readValue(reader: ProtobufReader, field: MessageField, type: ValueType, before?: unknown): unknown {
  checkWireType(reader, field, type.wireType);
  if (type.wireType !== 2) return type.read(reader);
  const outer = reader.enter();
  const value = type.read(reader, before);
  reader.leave(outer);
  return value;
}

function checkWireType(reader: ProtobufReader, { name }: MessageField, wanted: number): void {
  if (reader.wireType === wanted) return;
  const field = name.slice(0, 1).toUpperCase() + name.slice(1);
  throw new ProtobufError(`proto: wrong wireType = ${reader.wireType} for field ${field}`);
}

/** What Kubernetes' own code writes: all that is not optional, be it zero, in the order of numbers, and maps by their keys. */
function writeField(writer: ProtobufWriter, field: MessageField, values: Values): void {
  const { name, number, type, shape, isOptional } = field;
  const value = name === "" ? values : own(values, name);
  if (shape === "single") {
    if (value !== undefined && value !== null) writeValue(writer, number, type, value);
    else if (!isOptional) writeValue(writer, number, type, type.zero());
  } else if (shape === "list") {
    const items = Array.isArray(value) ? (value as unknown[]) : [];
    for (let index = items.length - 1; index >= 0; index -= 1)
      writeValue(writer, number, type, items[index] ?? type.zero());
  } else if (typeof value === "object" && value !== null) {
    for (const key of Object.keys(value).toSorted().toReversed()) {
      const end = writer.length;
      writeValue(writer, 2, type, (value as Values)[key] ?? type.zero());
      writeValue(writer, 1, scalars["string"]!, key);
      writer.varint(writer.length - end);
      writer.tag(number, 2);
    }
  }
}

/** Writes one field of a message: its value, before it its length if it has one, and before that its number. */
export function writeValue(writer: ProtobufWriter, number: number, type: ValueType, value: unknown): void {
  const end = writer.length;
  type.write(writer, value);
  if (type.wireType === 2) writer.varint(writer.length - end);
  writer.tag(number, type.wireType);
}

function own(values: Values, name: string): unknown {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

/** Sets a key that may be called like something that all objects have. */
function set(values: Values, name: string, value: unknown): void {
  if (name === "__proto__")
    Object.defineProperty(values, name, { value, enumerable: true, configurable: true, writable: true });
  else values[name] = value;
}
