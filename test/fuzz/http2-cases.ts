import { encodeFrame, frameTypes } from "../../packages/service/src/testing/http2-frames.ts";
import { bytes, type Dice, valueChars } from "./dice.ts";

/** Frames to send on a new connection, and what may come of them. */
export interface Http2Case {
  readonly name: string;
  /** For the stream with this number. */
  frames(stream: number): Buffer;
  /**
   * `answered`: with a status. `refused`: the stream or the connection is reset, or the status is 400. `either`: one of
   * these. `cut`: the client ends its side, and one of these, or the connection's end, is to come.
   */
  readonly outcome: "answered" | "refused" | "either" | "cut";
  /** What the body of an answer must not have. */
  readonly marker?: string;
}

type Field = readonly [name: string, value: string];

const endStream = 0x1;
const endHeaders = 0x4;
const anyByte = bytes(0x00, 0xff);
const pseudo: readonly Field[] = [
  [":method", "GET"],
  [":scheme", "http"],
  [":path", "/any"],
  [":authority", "fuzz"],
];

/** Headers as RFC 9113, sections 8.2 and 8.3 have them, and as they have not; and frames of any kind. */
export function http2Case(dice: Dice): Http2Case {
  const name = dice.text("abcdefghijklmnopqrstuvwxyz0123456789-_", 1, 12);
  const value = dice.text(valueChars, 0, 20).trim();
  switch (dice.below(10)) {
    case 0:
      return request("a header", [[`x-${name}`, value]], "answered");
    case 1:
      return request("a header of a connection", [dice.pick(ofConnections)], "refused");
    case 2: {
      const char = dice.text('ABCXYZ (),/;<=>?@[]{}"\x00\x1f\x7f\x80\xff:', 1, 1);
      return leftOut("a name that is none", [`x${char}${name}`, marker]);
    }
    case 3: {
      const injected = `${value}${dice.pick(["\r", "\n", "\0", "\r\n"])}x-injected: ${marker}`;
      return leftOut("a line's end in a value", [`x-${name}`, injected]);
    }
    case 4:
      return pseudoHeaders(dice);
    case 5:
      return bodyCase(dice);
    case 6: {
      const [type, flags, stream] = [dice.below(12), dice.below(256), dice.below(6)];
      const payload = Buffer.from(dice.text(anyByte, 0, 40), "latin1");
      return { name: "any frame", frames: () => encodeFrame(type, flags, stream, payload), outcome: "cut" };
    }
    case 7: {
      const any = Buffer.from(dice.text(anyByte, 1, 80), "latin1");
      return { name: "any bytes", frames: () => any, outcome: "cut" };
    }
    case 8: {
      const [frame, times] = [dice.pick(floods), 1 + dice.below(400)];
      const frames = (stream: number): Buffer =>
        Buffer.concat(Array.from({ length: times }, (_, index) => frame(stream, index)));
      return { name: "the same again and again", frames, outcome: "cut" };
    }
    default: {
      const block = Buffer.from(dice.text(anyByte, 1, 60), "latin1");
      const frames = (stream: number): Buffer =>
        encodeFrame(frameTypes.headers, endStream | endHeaders, stream, block);
      return { name: "any block of headers", frames, outcome: "cut" };
    }
  }
}

const continuation = 0x9;
const windowUpdate = 0x8;
/** Frames that cost the server more than the client, when there are many. */
const floods: readonly ((stream: number, index: number) => Buffer)[] = [
  (stream, index) =>
    Buffer.concat([
      headersFrame(stream + 2 * index, pseudo, endStream),
      encodeFrame(frameTypes.reset, 0, stream + 2 * index, Buffer.alloc(4)),
    ]),
  (stream, index) =>
    encodeFrame(index === 0 ? frameTypes.headers : continuation, 0, stream, literal(["x", "1"])),
  (stream) => encodeFrame(frameTypes.data, 0, stream),
  () => encodeFrame(frameTypes.ping, 0, 0, Buffer.alloc(8)),
  () => encodeFrame(frameTypes.settings, 0, 0),
  () => encodeFrame(windowUpdate, 0, 0, Buffer.from([0x7f, 0xff, 0xff, 0xff])),
  () => Buffer.from([0xff, 0xff, 0xff, frameTypes.data, 0, 0, 0, 0, 1]),
];

const marker = "fuzz-marker";

/** RFC 9113, section 8.2.2. */
const ofConnections: readonly Field[] = [
  ["connection", "keep-alive"],
  ["connection", "x-one"],
  ["keep-alive", "timeout=5"],
  ["proxy-connection", "keep-alive"],
  ["transfer-encoding", "chunked"],
  ["upgrade", "websocket"],
  ["te", "gzip"],
];

function pseudoHeaders(dice: Dice): Http2Case {
  const name = "pseudo-headers that are wrong";
  const without = dice.below(3);
  const wrong: readonly (readonly Field[])[] = [
    pseudo.filter((_, index) => index !== without),
    [...pseudo, dice.pick(pseudo)],
    [...pseudo, [":status", "200"]],
    [...pseudo, [":x", "1"]],
    [["x-one", "1"], ...pseudo],
    [
      ...pseudo.slice(0, 2),
      [":path", dice.pick(["", "any", "*", "?x", "a:80", "http://fuzz/"])],
      [":authority", "a"],
    ],
    [[":method", dice.pick(["", "G ET", "GET\r\n", "(x)", "G\0"])], ...pseudo.slice(1)],
    [...pseudo, ["host", "another"]],
  ];
  const fields = dice.pick(wrong);
  return { name, frames: (stream) => headersFrame(stream, fields, endStream), outcome: "refused" };
}

/** RFC 9113, section 8.1.1. */
function bodyCase(dice: Dice): Http2Case {
  const body = dice.text(anyByte, 1, 60);
  const isRight = dice.chance(0.4);
  const wrong = [
    String(body.length + 1),
    String(body.length - 1),
    `+${body.length}`,
    "x",
    "-1",
    `${body.length}, 1`,
  ];
  const length = isRight ? String(body.length) : dice.pick(wrong);
  const fields: readonly Field[] = [[":method", "POST"], ...pseudo.slice(1), ["content-length", length]];
  const frames = (stream: number): Buffer =>
    Buffer.concat([
      headersFrame(stream, fields, 0),
      encodeFrame(frameTypes.data, endStream, stream, Buffer.from(body, "latin1")),
    ]);
  return isRight
    ? { name: "a body", frames, outcome: "answered" }
    : { name: "a body of another length", frames, outcome: "refused" };
}

/**
 * nghttp2 leaves such a header out and lets the request go on, where RFC 9113, section 8.2.1 would have it refused. No
 * server in Node hears of it, and so it must at least not be there: /headers shows those that are.
 */
function leftOut(name: string, field: Field): Http2Case {
  const fields = [...pseudo.filter(([key]) => key !== ":path"), [":path", "/headers"] as const, field];
  return { name, frames: (stream) => headersFrame(stream, fields, endStream), outcome: "either", marker };
}

function request(name: string, fields: readonly Field[], outcome: Http2Case["outcome"]): Http2Case {
  return { name, frames: (stream) => headersFrame(stream, [...pseudo, ...fields], endStream), outcome };
}

function headersFrame(stream: number, fields: readonly Field[], flags: number): Buffer {
  return encodeFrame(frameTypes.headers, flags | endHeaders, stream, Buffer.concat(fields.map(literal)));
}

/** A literal field without indexing and with a new name: RFC 7541, section 6.2.2. Neither text may have over 126 bytes. */
function literal([name, value]: Field): Buffer<ArrayBuffer> {
  const [nameBytes, valueBytes] = [Buffer.from(name, "latin1"), Buffer.from(value, "latin1")];
  return Buffer.concat([
    Buffer.from([0x00, nameBytes.length]),
    nameBytes,
    Buffer.from([valueBytes.length]),
    valueBytes,
  ]);
}
