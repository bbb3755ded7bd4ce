import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Exchange, Gate } from "../exchange.ts";
import type { AnyServer } from "../tap-server.ts";
import { answerProblem, bringsBody } from "./answer-problem.ts";

/** How long a client may go on sending after the 413, so that it has the time to read it. */
const lingerMs = 1_000;
const tooLarge = "HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

/**
 * Refuses bodies above a size, in bytes as sent. It never buffers. A length that is declared is refused with 413 before the
 * application sees the request; bodies without one are counted as they come, and the application then sees a client that
 * went away. `Expect: 100-continue` is answered only after the gates, so a body that nobody wants is never invited.
 */
export function limitBodies(server: AnyServer, maxBodyBytes: number): Gate {
  // Without a listener Node invites the body before anything of ours is asked.
  (server as Server).on("checkContinue", (request: IncomingMessage, response: ServerResponse) => {
    if (server.listenerCount("checkContinue") > 1) return; // The application has its own way.
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
    // A declared length is what Node lets through, on HTTP/1.1 and on HTTP/2.
    if (Number(declared) <= maxBodyBytes) return false;
    const title = `a body may have at most ${maxBodyBytes} bytes`;
    answerProblem(exchange, { status: 413, title, close: true });
    return true;
  };
}

/**
 * Counts where the parser hands the bytes over. A listener to `data` would set them flowing before the application asks.
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
 * Answers past the application, as Node itself does to a request that takes too long: an answer by the response's own
 * methods would make the application's, which may be under way, throw. Gives what ends the connection sooner.
 */
function cutOff(exchange: Exchange): () => void {
  const { request, response } = exchange;
  exchange.errorType = "BodyTooLarge";
  if ("stream" in response) {
    response.stream.close(0xb); // ENHANCE_YOUR_CALM: RFC 9113, section 7.
    return () => undefined;
  }
  const { socket } = request;
  // Pipelined behind another answer, or with its own begun, there is no place for a 413 any more.
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
