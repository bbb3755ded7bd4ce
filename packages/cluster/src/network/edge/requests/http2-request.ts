import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import { Writable } from "node:stream";
import type { ClientConnection, EdgeReply, EdgeRequest } from "./edge-request.ts";
import { namedHeaders } from "./named-headers.ts";

/** A request in HTTP/2. Cookies that came apart are one header again (RFC 9113 §8.2.3). */
export function http2Request(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  rawHeaders: readonly string[],
  connection: ClientConnection,
): EdgeRequest {
  const raw: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    if (!name.startsWith(":") && name !== "cookie") raw.push(name, rawHeaders[index + 1] ?? "");
  }
  if (headers.cookie !== undefined) raw.push("cookie", headers.cookie);
  return {
    method: headers[":method"] ?? "GET",
    host: headers[":authority"] ?? headers.host ?? "",
    target: headers[":path"] ?? "/",
    headers,
    rawHeaders: raw,
    body: stream.endAfterHeaders ? undefined : stream,
    connection,
  };
}

/** The way back to a client that speaks HTTP/2. */
export function http2Reply(stream: ServerHttp2Stream, method: string): EdgeReply {
  return {
    get isOpen() {
      return !stream.headersSent && !stream.destroyed && !stream.closed;
    },
    send(head, body) {
      this.begin(head).end(body);
    },
    begin({ status, headers, trailers }) {
      const hasNoBody = method === "HEAD" || status === 204 || status === 205 || status === 304;
      const fields = { ":status": status, ...namedHeaders(headers) };
      if (hasNoBody) {
        stream.respond(fields, { endStream: true });
        return nowhere();
      }
      stream.respond(fields, { waitForTrailers: trailers !== undefined });
      if (trailers !== undefined)
        stream.once("wantTrailers", () => stream.sendTrailers(namedHeaders(trailers())));
      // What the client still sends is not wanted, and must not keep the stream open.
      stream.once("finish", () => stream.resume());
      return stream;
    },
    // Not `close`, which first says that the body has come to its end.
    cut: () => stream.destroy(new Error("the answer broke off")),
    onEnd: (listener) =>
      stream.once("close", () =>
        listener(stream.writableFinished && stream.rstCode === constants.NGHTTP2_NO_ERROR),
      ),
  };
}

/** For the body of an answer that has none by its nature. */
function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}
