import http2, { type ClientHttp2Session, type ClientHttp2Stream } from "node:http2";
import type { Socket } from "node:net";
import type { AnswerHead } from "../http/answer-head.ts";
import { Connection, type ConnectionOwner } from "./connection.ts";
import { brokenConnection, connectFailure, errnoOf } from "./failure-class.ts";
import type { Carrier, Ending, Flight } from "./flight.ts";
import { http2CodeName } from "./http2-code-name.ts";
import { http2Fields, http2Head } from "./http2-head.ts";
import type { Opening } from "./open-socket.ts";

/** Headers that belong to one connection of HTTP/1.1 and have no place here: RFC 9113, section 8.2.2. */
const connectionHeaders = new Set(["connection", "keep-alive", "proxy-connection", "upgrade", "host"]);

/** What is under way on one stream. */
interface Exchange {
  readonly flight: Flight;
  stream: ClientHttp2Stream | undefined;
  sinceMs: number;
  head: AnswerHead | undefined;
  trailers: ReadonlyMap<string, string> | undefined;
  readonly body: Uint8Array[];
  keptBytes: number;
  started: boolean;
}

/** A session of `node:http2`: as many requests at the same time as the server allows. A request is sent once, on one stream. */
export class Http2Connection extends Connection {
  readonly #owner: ConnectionOwner;
  readonly #peer: string | undefined;
  readonly #socket: Socket;
  readonly #session: ClientHttp2Session;
  readonly #exchanges = new Set<Exchange>();
  #phase: "connecting" | "up" | "leaving" | "gone" = "connecting";
  #hasConnected = false;
  #wasUp = false;
  #failure: string | undefined;
  #answers = 0;
  #previous: Ending["headers"];

  constructor(open: Opening, owner: ConnectionOwner, secure: boolean, peer?: string) {
    super(owner.now());
    this.#owner = owner;
    this.#peer = peer;
    // The session reads the socket itself.
    this.#socket = open(() => undefined);
    const socket = this.#socket;
    socket.once("connect", () => (this.#hasConnected = true));
    if (secure) socket.once("secureConnect", () => this.#onSecure());
    this.#session = http2.connect(secure ? "https://localhost" : "http://localhost", {
      createConnection: () => socket,
    });
    this.#session.once("remoteSettings", () => this.#onUp());
    this.#session.on("goaway", () => this.retire());
    this.#session.on("error", (error) => this.#onError(error));
    socket.on("error", (error) => this.#onError(error));
    this.#session.on("close", () => this.#onClose());
  }

  get hasRoom(): boolean {
    if (this.#phase === "gone" || this.#phase === "leaving") return false;
    const allowed = this.#phase === "up" ? this.#session.remoteSettings.maxConcurrentStreams : undefined;
    return this.#exchanges.size < Math.min(allowed ?? mostStreams, mostStreams);
  }

  get isBusy(): boolean {
    return this.#exchanges.size > 0;
  }

  get carrier(): Carrier {
    return { reused: this.#answers > 0, previous: this.#previous, peer: this.#peer };
  }

  send(flight: Flight): void {
    this.uses += 1;
    const exchange: Exchange = {
      flight,
      stream: undefined,
      sinceMs: this.#owner.now(),
      head: undefined,
      trailers: undefined,
      body: [],
      keptBytes: 0,
      started: false,
    };
    this.#exchanges.add(exchange);
    if (this.#phase === "up") this.#request(exchange);
    else if (this.#phase !== "connecting") this.#end(exchange, { class: "closed-before-answer" });
  }

  expire(now: number): void {
    const { connectTimeoutMs, responseTimeoutMs } = this.#owner;
    const isUp = this.#phase !== "connecting";
    for (const exchange of this.#exchanges) {
      if (now - exchange.sinceMs < (isUp ? responseTimeoutMs : connectTimeoutMs)) continue;
      exchange.stream?.close(http2.constants.NGHTTP2_CANCEL);
      this.#end(exchange, { class: isUp ? "response-timeout" : "connect-timeout" });
      if (!isUp) this.close();
    }
  }

  /** Takes no more requests; the session ends with the streams that it has. */
  retire(): void {
    if (this.#phase === "connecting" || this.#phase === "up") this.#phase = "leaving";
    if (this.#exchanges.size === 0) this.#session.close();
  }

  close(): void {
    this.#phase = "gone";
    this.#session.destroy();
    this.#socket.destroy();
  }

  /** Closes the connection to a server that did not choose HTTP/2, because it would not understand the preface. */
  #onSecure(): void {
    const { alpnProtocol } = this.#socket as Socket & { alpnProtocol?: string | false };
    if (alpnProtocol === "h2") return;
    this.#failure = "the server does not offer h2";
    this.close();
  }

  #onUp(): void {
    if (this.#phase !== "connecting") return;
    this.#phase = "up";
    this.#wasUp = true;
    this.#owner.opened();
    for (const exchange of this.#exchanges) this.#request(exchange);
    this.#owner.freed(this);
  }

  #request(exchange: Exchange): void {
    const { flight } = exchange;
    exchange.sinceMs = this.#owner.now();
    const { lane } = flight;
    const { path, headers, body } = lane.writer.parts(flight.i);
    const { target } = lane.slot;
    const fields: http2.OutgoingHttpHeaders = {
      ":method": lane.method,
      ":path": path,
      ":scheme": target.tls === undefined ? "http" : "https",
    };
    for (const [name, value] of headers) {
      if (name.toLowerCase() === "host") fields[":authority"] = value;
      if (!connectionHeaders.has(name.toLowerCase())) fields[name.toLowerCase()] = value;
    }
    if (body !== undefined) fields["content-length"] = body.length;
    const stream = this.#session.request(fields, { endStream: body === undefined });
    exchange.stream = stream;
    if (body !== undefined) stream.end(body);
    this.#owner.sent(body?.length ?? 0);
    if (lane.closes) this.retire();
    this.#listen(exchange, stream);
  }

  #listen(exchange: Exchange, stream: ClientHttp2Stream): void {
    stream.on("headers", () => (exchange.started = true));
    stream.on("response", (headers) => {
      exchange.started = true;
      exchange.head = http2Head(headers);
    });
    if (exchange.flight.lane.isCall)
      stream.on("trailers", (trailers) => (exchange.trailers = http2Fields(trailers)));
    stream.on("data", (chunk: Buffer) => {
      this.#owner.received(chunk.length);
      const wanted = this.#owner.keepBody - exchange.keptBytes;
      if (wanted <= 0) return;
      exchange.body.push(chunk.subarray(0, wanted));
      exchange.keptBytes += Math.min(wanted, chunk.length);
    });
    // Even an answer without a body ends only when its stream is being read.
    stream.resume();
    let error: unknown;
    stream.on("error", (reason) => (error = reason));
    stream.on("close", () => this.#onStreamClose(exchange, stream, error));
  }

  #onStreamClose(exchange: Exchange, stream: ClientHttp2Stream, error: unknown): void {
    const { head, flight, trailers } = exchange;
    if (head !== undefined && stream.rstCode === 0 && stream.readableEnded && error === undefined) {
      const ending = this.#owner.judge(flight, head, Buffer.concat(exchange.body), trailers);
      this.#end(exchange, ending);
      this.#answers += 1;
      this.#previous = ending.headers;
      return;
    }
    // A session that ends closes its streams first, and tells only then what happened to it.
    if (!this.#session.destroyed) this.#fail(exchange, this.#streamFailure(exchange, stream.rstCode ?? 0));
  }

  #streamFailure({ started }: Exchange, code: number): Ending {
    const name = http2CodeName(code);
    // RFC 9113, section 6.8: the server did not look at streams after the last one that GOAWAY names.
    if (this.#phase === "leaving" && !started && name === "REFUSED_STREAM")
      return { class: "closed-before-answer", detail: "given back by GOAWAY" };
    return { class: started ? "reset-mid-answer" : "reset-before-answer", detail: `RST_STREAM ${name}` };
  }

  #sessionFailure({ started }: Exchange): Ending {
    const detail = this.#failure;
    if (this.#wasUp)
      return detail === undefined
        ? { class: started ? "closed-mid-answer" : "closed-before-answer", detail: "the session ended" }
        : { class: brokenConnection(detail, started), detail };
    const handshaking = "encrypted" in this.#socket && this.#hasConnected;
    if (handshaking) return { class: "tls-failure", detail: detail ?? "closed during the handshake" };
    if (detail === undefined) return { class: "closed-before-answer", detail: "closed before its settings" };
    return { class: connectFailure(detail), detail };
  }

  #fail(exchange: Exchange, ending: Ending): void {
    const known = this.#owner.partial(exchange.head);
    this.#end(exchange, { status: known?.status, headers: known?.headers, ...ending });
  }

  #end(exchange: Exchange, ending: Ending): void {
    if (!this.#exchanges.delete(exchange)) return;
    this.#owner.ended(this, exchange.flight, ending);
    if (this.#phase === "leaving" && this.#exchanges.size === 0) this.#session.close();
  }

  #onError(error: Error): void {
    this.#failure ??= errnoOf(error);
    this.close();
  }

  #onClose(): void {
    this.#phase = "gone";
    for (const exchange of this.#exchanges) this.#fail(exchange, this.#sessionFailure(exchange));
    this.#owner.closed(this);
  }
}

/** The fewest streams that RFC 9113, section 6.5.2 recommends to allow. More on one connection would measure its congestion. */
const mostStreams = 100;
