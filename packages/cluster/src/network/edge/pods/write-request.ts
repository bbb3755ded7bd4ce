import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import { isToken } from "@seaworthy/load";
import type { UpstreamRequest } from "./upstream.ts";

/** A request as it goes over a connection in HTTP/1.1. */
export interface WrittenRequest {
  readonly method: string;
  /** The request line and the headers, with the empty line. */
  readonly head: string;
  readonly body: UpstreamRequest["body"];
  /** Whether the body has no length, and so goes in chunks. */
  readonly isChunked: boolean;
}

/**
 * Writes a request's head. Throws when a part of it would be read as something else than it is: what is checked is what Node's
 * own client checks (lib/_http_client.js INVALID_PATH_REGEX, lib/_http_common.js headerCharRegex).
 */
export function writeRequest({ method, target, headers, body }: UpstreamRequest): WrittenRequest {
  if (!isToken(method) || unescaped.test(target)) throw new TypeError("the request line cannot be written");
  let head = `${method} ${target} HTTP/1.1\r\n`;
  let isChunked = false;
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = headers[index] as string;
    const value = headers[index + 1] as string;
    if (!isToken(name) || unwritable.test(value)) throw new TypeError(`the header ${name} cannot be written`);
    isChunked ||= name.toLowerCase() === "transfer-encoding";
    head += `${name}: ${value}\r\n`;
  }
  return { method, head: `${head}\r\n`, body, isChunked };
}

const unescaped = /[^\u0021-\u00ff]/;
const unwritable = /[^\t\u0020-\u007e\u0080-\u00ff]/;

/** Writes a body as it comes, as fast as the pod takes it. Gives what breaks it off. */
export function writeBody(
  body: Readable,
  socket: Socket,
  isChunked: boolean,
  onSent: () => void,
): () => void {
  const onData = (piece: Buffer) => {
    if (!isChunked) {
      if (!socket.write(piece)) body.pause();
      return;
    }
    socket.cork();
    socket.write(`${piece.length.toString(16)}\r\n`, "latin1");
    socket.write(piece);
    if (!socket.write("\r\n", "latin1")) body.pause();
    socket.uncork();
  };
  const onDrain = () => body.resume();
  const onEnd = () => {
    if (isChunked) socket.write("0\r\n\r\n", "latin1");
    onSent();
  };
  body.on("data", onData).once("end", onEnd);
  socket.on("drain", onDrain);
  return () => {
    body.off("data", onData).off("end", onEnd);
    socket.off("drain", onDrain);
  };
}
