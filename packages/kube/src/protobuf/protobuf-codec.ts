import type { JsonObject } from "../patch/json-value.ts";
import { createMessageTable, type MessageFile } from "./message-table.ts";
import { writeValue, type Message } from "./message.ts";
import { ProtobufError } from "./protobuf-error.ts";
import { ProtobufReader } from "./protobuf-reader.ts";
import { ProtobufWriter } from "./protobuf-writer.ts";
import { scalars } from "./scalars.ts";

/** Turns objects of Kubernetes' own kinds from protobuf into JSON, and back. */
export interface ProtobufCodec {
  /** Opens the envelope that the body of a request is. It may leave the kind out. Throws a `ProtobufError`. */
  open(body: Uint8Array): ProtobufEnvelope;
  /** The object in an envelope, as Kubernetes would write it as JSON. Throws a `ProtobufError`. */
  decode(envelope: ProtobufEnvelope): JsonObject;
  /** The body of an answer; undefined for a kind that has no protobuf. */
  encode(object: JsonObject): Buffer | undefined;
  /** One event of a watch, with its length before it; undefined for a kind that has no protobuf. */
  encodeEvent(type: string, object: JsonObject): Buffer | undefined;
}

/** An object that is not read yet, and what it is. */
export interface ProtobufEnvelope {
  readonly kind: string;
  readonly apiVersion: string;
  readonly raw: Buffer;
}

/** What every body begins with: https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding */
const prefix = Buffer.from("k8s\0");

/** The fields of `Unknown` of https://github.com/kubernetes/apimachinery/blob/v0.36.3/pkg/runtime/generated.proto */
const fields = { typeMeta: 1, raw: 2, contentEncoding: 3, contentType: 4 };

const typeMeta = { "runtime.TypeMeta": ["apiVersion=1:string", "kind=2:string"] };

const text = scalars["string"]!;

/** Makes a codec of the generated table of messages. */
export function createProtobufCodec({ kinds, messages }: MessageFile): ProtobufCodec {
  const find = createMessageTable({ messages: { ...messages, ...typeMeta } });

  function messageOf(apiVersion: string, kind: string): Message | undefined {
    const name = kinds[`${apiVersion}/${kind}`] ?? optionsMessage(kind);
    return name === undefined ? undefined : find(name);
  }

  /** The options of requests, and the events of watches, are of every group. */
  function optionsMessage(kind: string): string | undefined {
    const name = kinds[`v1/${kind}`];
    return name?.startsWith("meta.v1.") ? name : undefined;
  }

  function writeBody(writer: ProtobufWriter, object: JsonObject): boolean {
    const { kind, apiVersion } = object as { kind?: string; apiVersion?: string };
    const message = messageOf(String(apiVersion), String(kind));
    if (message === undefined) return false;
    writeValue(writer, fields.contentType, text, "");
    writeValue(writer, fields.contentEncoding, text, "");
    writeValue(writer, fields.raw, message, object);
    writeValue(writer, fields.typeMeta, find("runtime.TypeMeta"), { kind, apiVersion });
    writer.bytes(prefix);
    return true;
  }

  return {
    open: (body) => openEnvelope(body, find("runtime.TypeMeta")),

    decode({ kind, apiVersion, raw }) {
      const message = messageOf(apiVersion, kind);
      if (message === undefined)
        throw new ProtobufError(
          `no kind "${kind}" is registered for version "${apiVersion}" in scheme "pkg/runtime/scheme.go:111"`,
        );
      return { kind, apiVersion, ...message.read(new ProtobufReader(raw)) };
    },

    encode(object) {
      const writer = new ProtobufWriter();
      return writeBody(writer, object) ? writer.finish() : undefined;
    },

    encodeEvent(type, object) {
      const writer = new ProtobufWriter();
      if (!writeBody(writer, object)) return undefined;
      // The body is the only field of a RawExtension, which is the second of a WatchEvent.
      for (const number of [1, 2]) {
        writer.varint(writer.length);
        writer.tag(number, 2);
      }
      writeValue(writer, 1, text, type);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(writer.length);
      writer.bytes(length);
      return writer.finish();
    },
  };
}

function openEnvelope(body: Uint8Array, typeMeta: Message): ProtobufEnvelope {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (bytes.length === 0) throw new ProtobufError("empty data");
  if (!bytes.subarray(0, prefix.length).equals(prefix))
    throw new ProtobufError(
      `provided data does not appear to be a protobuf message, expected prefix [${prefix.join(" ")}]`,
    );
  if (bytes.length === prefix.length) throw new ProtobufError("empty body");
  const reader = new ProtobufReader(bytes.subarray(prefix.length));
  let head: { readonly kind?: string; readonly apiVersion?: string } = {};
  let raw: Buffer = Buffer.alloc(0);
  for (let field = reader.nextField("Unknown"); field > 0; field = reader.nextField("Unknown")) {
    const isKnown = (field === fields.typeMeta || field === fields.raw) && reader.wireType === 2;
    if (!isKnown) {
      reader.skip();
      continue;
    }
    const outer = reader.enter();
    if (field === fields.raw) raw = reader.rest();
    else head = typeMeta.read(reader);
    reader.leave(outer);
  }
  return { kind: head.kind ?? "", apiVersion: head.apiVersion ?? "", raw };
}
