import type { ServerResponse } from "node:http";
import type { Http2ServerResponse, ServerHttp2Session } from "node:http2";
import type { Exchange } from "../exchange.ts";
import { type Connection, stateOf } from "./connection.ts";

/** How long the end of a connection waits for its peer, in milliseconds. */
export interface Politeness {
  /** For the first request on a connection that was opened ahead of need. */
  readonly unusedMs: number;
  /** For the answer to WebSocket's Close. */
  readonly upgradeCloseMs: number;
}

/**
 * WebSocket's Close with 1001, going away, as one unmasked frame: RFC 6455, sections 5.5.1 and 7.4.1. A library writes
 * each of its frames in one turn of the event loop, so between turns this one never lands inside another.
 */
const goingAway = Buffer.from([0x88, 0x02, 0x03, 0xe9]);

/** Takes one step towards the end of a connection that no new request is wanted on. Loses no request that has begun. */
export function endPolitely(connection: Connection, nowMs: number, politeness: Politeness): void {
  const { socket, session, acceptedAtMs } = connection;
  const state = stateOf(connection);
  if (state === "upgraded") {
    endUpgraded(connection, nowMs, politeness);
    return;
  }
  for (const exchange of connection.exchanges) if (isEventStream(exchange)) endEventStream(exchange);
  // A client that has just connected is about to ask.
  const unused = state === "new" && nowMs - acceptedAtMs < politeness.unusedMs;
  if (session !== undefined) endSession(connection, session, unused, nowMs, politeness);
  // A head that has begun ends by itself: the server's headersTimeout still runs, and the drain's deadline is behind it.
  else if (state === "idle" || (state === "new" && !unused)) socket.destroySoon();
}

function endSession(
  connection: Connection,
  session: ServerHttp2Session,
  unused: boolean,
  nowMs: number,
  { upgradeCloseMs }: Politeness,
): void {
  const first = connection.endingAtMs === undefined;
  connection.endingAtMs ??= nowMs;
  for (const stream of connection.webSockets) {
    if (first && stream.writable) stream.write(goingAway);
    else if (nowMs - connection.endingAtMs >= upgradeCloseMs) stream.end();
  }
  if (!unused) sendElsewhere(connection);
}

/**
 * Sends an HTTP/2 client elsewhere by GOAWAY; streams that are open go on to their end. To be called while a request of
 * the client is open: a client with one request at a time then reads the GOAWAY before it asks again, so that none is
 * refused. A request that crosses with the GOAWAY on a busy connection is given back unprocessed, for the client to send
 * elsewhere (RFC 9113, section 6.8). docs/decisions/0005 tells why there is no first GOAWAY with the largest stream id.
 */
export function sendElsewhere({ session }: Connection): void {
  if (session !== undefined && !session.closed && !session.destroyed) session.close();
}

function endUpgraded(connection: Connection, nowMs: number, { upgradeCloseMs }: Politeness): void {
  if (connection.upgradedTo !== "websocket") return; // We do not know a tunnel's protocol, so only the deadline ends it.
  if (connection.endingAtMs === undefined) {
    connection.endingAtMs = nowMs;
    if (connection.socket.writable) connection.socket.write(goingAway);
  } else if (nowMs - connection.endingAtMs >= upgradeCloseMs) {
    connection.socket.destroySoon();
  }
}

function endEventStream({ response }: Exchange): void {
  response.end();
  // The application may write once more before it hears of the close. Node would take that for a failure of the answer.
  response.write = () => false;
}

/** Server-sent events never end by themselves; their client connects again after an end, and then elsewhere. */
function isEventStream({ isHttp2, response }: Exchange): boolean {
  if (!response.headersSent || response.writableEnded) return false;
  if (isHttp2) {
    const sent = (response as Http2ServerResponse).stream?.sentHeaders;
    return (sent?.["content-type"] ?? "").startsWith("text/event-stream");
  }
  // Headers that were given to writeHead(status, headers) are found only in the head's text.
  const head = (response as ServerResponse & { readonly _header?: string })._header ?? "";
  return /^content-type: *text\/event-stream/im.test(head);
}
