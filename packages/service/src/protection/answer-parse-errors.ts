import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { Exchange } from "../exchange.ts";
import type { AnyServer } from "../tap-server.ts";

/** An error of Node's HTTP/1.1 parser, or of the times that it keeps. */
interface ParseError extends Error {
  readonly code?: string;
  /** The bytes that the parser was reading. */
  readonly rawPacket?: Buffer;
}

/**
 * Answers requests that Node could not read to the end, and ends the connection. Node's own answer has three defects: it
 * says 431 where RFC 9112, section 3 wants 414; it can take the place of the answer to an earlier request (section 9.3.2);
 * and nobody hears of its status. When the application has a listener of its own, this one does nothing.
 */
export function answerParseErrors(
  server: AnyServer,
  exchangesOn: (socket: Socket) => readonly Exchange[],
): void {
  (server as Server).on("clientError", (error: ParseError, stream) => {
    if (server.listenerCount("clientError") > 1) return;
    const socket = stream as Socket;
    const exchanges = exchangesOn(socket);
    const last = exchanges.at(-1);
    // The error is in the last request's body, or else in a head that comes after all requests.
    const ofBody = last !== undefined && !last.request.complete;
    const isNext = ofBody ? exchanges.length === 1 && !last.response.headersSent : last === undefined;
    if (isNext && socket.writable) {
      const status = statusOf(error);
      if (last !== undefined) last.statusSent = status;
      socket.write(`HTTP/1.1 ${reasons[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    }
    socket.destroy(error);
  });
}

const reasons = {
  400: "400 Bad Request",
  408: "408 Request Timeout",
  413: "413 Content Too Large",
  414: "414 URI Too Long",
  431: "431 Request Header Fields Too Large",
} as const;

function statusOf({ code, rawPacket }: ParseError): keyof typeof reasons {
  if (code === "HPE_HEADER_OVERFLOW")
    return rawPacket !== undefined && longTarget.test(rawPacket.toString("latin1")) ? 414 : 431;
  if (code === "HPE_CHUNK_EXTENSIONS_OVERFLOW") return 413;
  return code === "ERR_HTTP_REQUEST_TIMEOUT" ? 408 : 400;
}

/** RFC 9112, section 3 wants targets of 8,000 bytes to be taken. A head that comes in pieces is not seen whole and gets 431. */
const longTarget = /^(?:\r\n)*[A-Z-]+ \S{8000}/;
