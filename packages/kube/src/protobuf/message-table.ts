import { Message, type MessageField } from "./message.ts";
import { scalars } from "./scalars.ts";
import { schemaTypes, specialValues } from "./special-values.ts";
import type { ValueType } from "./value-type.ts";

/**
 * The generated file. A field is `name=number:type`, then `[]` for a list or `{}` for a map, `?` for what protobuf can be
 * without, and `!` for what JSON has even when it is absent or zero. A field without a name is a message whose fields
 * stand, in JSON, among those of the message that has it.
 */
export interface MessageFile {
  /** From `apiVersion/Kind` to the name of the message. */
  readonly kinds: Readonly<Record<string, string>>;
  readonly messages: Readonly<Record<string, readonly string[]>>;
}

/** Finds messages by their names. What fields a message has is read when it is first asked for. */
export function createMessageTable({ messages }: Pick<MessageFile, "messages">): (name: string) => Message {
  const known = new Map<string, Message>();

  function find(name: string): Message {
    const found = known.get(name);
    if (found !== undefined) return found;
    const texts = messages[name];
    if (texts === undefined) throw new TypeError(`no message is called ${name}`);
    const message = new Message(name.slice(name.lastIndexOf(".") + 1));
    known.set(name, message);
    message.setFields(texts.map(readField));
    return message;
  }

  function readField(text: string): MessageField {
    const [, name = "", number = "", type = "", shape, optional, always] =
      /^([^=]*)=(\d+):([\w.]+)(\[\]|\{\})?(\?)?(!)?$/.exec(text) ?? [];
    return {
      name,
      number: Number(number),
      shape: shape === undefined ? "single" : shape === "[]" ? "list" : "map",
      // Bytes may be nil in Go, and are left out then.
      isOptional: optional !== undefined || type === "bytes",
      isAlwaysShown: always !== undefined,
      type: typeOf(type),
    };
  }

  function typeOf(type: string): ValueType {
    const simple = scalars[type] ?? specialValues[type];
    if (simple !== undefined) return simple;
    const [, kind = "", schema = ""] = /^(schemaOr[A-Z]\w+)\.(.*)$/.exec(type) ?? [];
    return schemaTypes[kind]?.(find(schema)) ?? find(type);
  }

  return find;
}
