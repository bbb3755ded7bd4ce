import { once } from "node:events";
import { connect } from "node:net";
import {
  decodeFrames,
  encodeFrame,
  endsStream,
  frameTypes,
  preface,
} from "../../packages/service/src/testing/http2-frames.ts";
import type { Http2Case } from "./http2-cases.ts";

const deadlineMs = 30_000;
const stream = 1;
/** Without a dynamic table the server's first field is always the status itself: RFC 7541, section 4.2. */
const noTable = Buffer.from([0x00, 0x01, 0, 0, 0, 0]);

/** What a case came to: the first digit of a status, or how it was refused. */
type Outcome = "2" | "3" | "4" | "5" | "reset" | "ended" | "marked";

/** Sends a case on a connection of its own. Says what is wrong about what came of it; undefined: nothing is. */
export async function runHttp2Case(port: number, http2Case: Http2Case): Promise<string | undefined> {
  const outcome = await outcomeOf(port, http2Case);
  if (outcome === undefined) return `neither an answer nor an end within ${deadlineMs} ms`;
  if (outcome === "marked") return "a header came through that is none";
  if (outcome === "5") return "a status from 500 on";
  const isRefused = outcome === "reset" || outcome === "ended" || outcome === "4";
  if (http2Case.outcome === "refused" && !isRefused) return "it was answered";
  if (http2Case.outcome === "answered" && outcome !== "2") return `it was refused: ${outcome}`;
  return undefined;
}

async function outcomeOf(port: number, { frames, outcome, marker }: Http2Case): Promise<Outcome | undefined> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
  const result = Promise.withResolvers<Outcome | undefined>();
  const timer = setTimeout(() => result.resolve(undefined), deadlineMs);
  const end = (): void => result.resolve("ended");
  socket.on("error", end).on("end", end).on("close", end);
  let status: Outcome | undefined;
  let rest: Buffer = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    const decoded = decodeFrames(Buffer.concat([rest, chunk]));
    rest = decoded.rest;
    for (const frame of decoded.frames) {
      if (frame.type === frameTypes.goaway) result.resolve("ended");
      if (frame.stream !== stream) continue;
      if (frame.type === frameTypes.reset) result.resolve("reset");
      if (frame.type === frameTypes.headers) status = statusClass(frame.payload);
      if (marker !== undefined && frame.payload.includes(marker)) result.resolve("marked");
      if (endsStream(frame)) result.resolve(status);
    }
  });
  socket.write(Buffer.concat([preface, encodeFrame(frameTypes.settings, 0, 0, noTable), frames(stream)]));
  if (outcome === "cut") socket.end();
  const got = await result.promise;
  clearTimeout(timer);
  socket.destroy();
  if (!socket.closed) await once(socket, "close");
  return got;
}

/** The first digit of the status with which a block of headers begins. */
function statusClass(block: Buffer): Outcome {
  let at = 0;
  while (((block[at] ?? 0) & 0xe0) === 0x20) at += 1; // A change of the table's size: RFC 7541, section 6.3.
  const first = block[at] ?? 0;
  const indexed: Record<number, Outcome> = {
    0x88: "2",
    0x89: "2",
    0x8a: "2",
    0x8b: "3",
    0x8c: "4",
    0x8d: "4",
    0x8e: "5",
  };
  if (first >= 0x80) return indexed[first] ?? "5";
  // A literal: the digit 2 is 00010 in Huffman's code, 3 to 5 are 011001 to 011011. RFC 7541, appendix B.
  const isHuffman = ((block[at + 1] ?? 0) & 0x80) !== 0;
  const byte = block[at + 2] ?? 0;
  if (!isHuffman) return String.fromCharCode(byte) as Outcome;
  if (byte >> 3 === 0b00010) return "2";
  return ({ 0b011001: "3", 0b011010: "4" } as const)[byte >> 2] ?? "5";
}
