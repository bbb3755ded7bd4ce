import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Exchange, Gate } from "../exchange.ts";
import type { AnyServer } from "../tap-server.ts";
import { answerProblem, bringsBody } from "./answer-problem.ts";

/** How long a client may go on sending after the 413, so that it has the time to read it. */
const lingerMs = 1_000;
const tooLarge = "HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

/**
 * Refuses bodies above a size, in bytes as sent. It never buffers. A declared length above the size gets 413 before the
 * application sees the request. Bodies without one are counted as they come; for one above the size, the application sees
 * a client that went away. `Expect: 100-continue` is answered only after the gates, so no refused body is ever invited.
 */
export function limitBodies(server: AnyServer, maxBodyBytes: number): Gate {
  // Without this listener Node invites the body before our gates see the request.
  (server as Server).on("checkContinue", (request: IncomingMessage, response: ServerResponse) => {
    if (server.listenerCount("checkContinue") > 1) return; // The application has its own listener.
    response.writeContinue();
    server.emit("request", request, response);
  });

  return (exchange) => {
    const { request } = exchange;
    if (!bringsBody(request)) return false;
    const declared = request.headers["content-length"];
    if (declared === undefined) {
      countBody(exchange, maxBodyBytes);
      return false;
    }
    // Node lets no more than the declared length through, on HTTP/1.1 and on HTTP/2.
    if (Number(declared) <= maxBodyBytes) return false;
    const title = `a body may have at most ${maxBodyBytes} bytes`;
    answerProblem(exchange, { status: 413, title, close: true });
    return true;
  };
}

/**
 * Counts bytes where the parser hands them over. A listener to `data` would set them flowing before the application asks.
 */
function countBody(exchange: Exchange, maxBytes: number): void {
  const { request } = exchange;
  const handOver = request.push;
  let bytes = 0;
  let end: (() => void) | undefined;
  request.push = function push(chunk: Uint8Array | null, encoding?: BufferEncoding): boolean {
    bytes += chunk?.length ?? 0;
    if (bytes <= maxBytes) return handOver.call(this, chunk, encoding);
    end ??= cutOff(exchange);
    if (chunk === null) end();
    return true;
  };
}

/**
 * Writes the answer to the socket, as Node itself does for a request that takes too long: an answer by the response's own
 * methods would make those of the application, which may be under way, throw. Returns a function that ends the connection.
 */
function cutOff(exchange: Exchange): () => void {
  const { request, response } = exchange;
  exchange.errorType = "BodyTooLarge";
  if ("stream" in response) {
    response.stream.close(0xb); // ENHANCE_YOUR_CALM: RFC 9113, section 7.
    return () => undefined;
  }
  const { socket } = request;
  // There is no place for a 413 when the request is pipelined behind another, or when its own answer has begun.
  if (response.socket === null || response.headersSent) {
    socket.destroy();
    return () => undefined;
  }
  exchange.statusSent = 413;
  socket.write(tooLarge);
  const timer = setTimeout(() => socket.destroy(), lingerMs);
  socket.once("close", () => clearTimeout(timer));
  return () => socket.destroySoon();
}
