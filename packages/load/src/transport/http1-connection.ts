import type { Socket } from "node:net";
import type { HeadCache } from "../http/head-cache.ts";
import { ResponseParser } from "../http/response-parser.ts";
import { Connection, type ConnectionOwner } from "./connection.ts";
import { brokenConnection, closedUnread, connectFailure, errnoOf } from "./failure-class.ts";
import type { Carrier, Ending, Flight } from "./flight.ts";
import type { Opening } from "./open-socket.ts";

/** A socket with at most one request on it: no pipelining, no retry. */
export class Http1Connection extends Connection {
  readonly #owner: ConnectionOwner;
  readonly #peer: string | undefined;
  readonly #parser: ResponseParser;
  readonly #socket: Socket;
  #flight: Flight | undefined;
  #phase: "connecting" | "handshaking" | "up" | "gone";
  #mayBeUsedAgain = true;
  #answers = 0;
  #previous: Ending["headers"];
  /** When the wait for the connect or for the answer began. */
  #waitsSinceMs: number;

  constructor(open: Opening, owner: ConnectionOwner, cache: HeadCache, peer?: string) {
    const now = owner.now();
    super(now);
    this.#owner = owner;
    this.#peer = peer;
    this.#parser = new ResponseParser(cache);
    this.#waitsSinceMs = now;
    const socket = open((bytes, length) => this.#onData(bytes, length));
    this.#socket = socket;
    const secure = "encrypted" in socket;
    this.#phase = socket.connecting ? "connecting" : "up";
    if (!socket.connecting) owner.opened();
    if (socket.connecting) {
      socket.once("connect", () => (secure ? (this.#phase = "handshaking") : this.#onUp()));
      if (secure) socket.once("secureConnect", () => this.#onUp());
    }
    socket.on("end", () => this.#onEnd());
    socket.on("error", (error) => this.#onError(error));
    socket.on("close", () => {
      // A socket may close without an error or an end when it is destroyed from elsewhere; the request must not be lost.
      this.#onEnd();
      owner.closed(this);
    });
  }

  get hasRoom(): boolean {
    return this.#flight === undefined && this.#mayBeUsedAgain && this.#phase === "up";
  }

  get isBusy(): boolean {
    return this.#flight !== undefined;
  }

  get carrier(): Carrier {
    return { reused: this.#answers > 0, previous: this.#previous, peer: this.#peer };
  }

  send(flight: Flight): void {
    this.#flight = flight;
    this.uses += 1;
    this.#parser.begin(flight.lane.method, this.#owner.keepBody);
    if (this.#phase === "up") this.#write(flight);
    else if (this.#phase === "gone") this.#end({ class: "reset-before-answer", detail: closedUnread });
  }

  expire(now: number): void {
    if (this.#flight === undefined) return;
    const { connectTimeoutMs, responseTimeoutMs } = this.#owner;
    const isUp = this.#phase === "up";
    if (now - this.#waitsSinceMs < (isUp ? responseTimeoutMs : connectTimeoutMs)) return;
    if (isUp) this.#break({ class: "response-timeout" });
    else this.#break({ class: "connect-timeout", detail: this.#phase });
  }

  retire(): void {
    this.#mayBeUsedAgain = false;
  }

  close(): void {
    this.#mayBeUsedAgain = false;
    this.#socket.destroy();
  }

  #onUp(): void {
    this.#phase = "up";
    this.#owner.opened();
    if (this.#flight) this.#write(this.#flight);
    else this.#owner.freed(this);
  }

  #write(flight: Flight): void {
    this.#waitsSinceMs = this.#owner.now();
    const request = flight.lane.writer.http1(flight.i);
    this.#owner.sent(request.length);
    // The encoding matters to texts only.
    this.#socket.write(request, "latin1");
  }

  #onData(bytes: Uint8Array, length: number): void {
    this.#owner.received(length);
    const flight = this.#flight;
    // No request asked for these bytes, so an answer on this connection could not be trusted any more.
    if (flight === undefined) return this.close();
    const parser = this.#parser;
    const used = parser.push(bytes, 0, length);
    if (parser.done) this.#complete(flight, used < length);
    else if (parser.problem !== undefined) this.#break({ class: "malformed-answer", detail: parser.problem });
  }

  #complete(flight: Flight, hasMore: boolean): void {
    const { head, body } = this.#parser;
    if (head === undefined) return;
    if (hasMore)
      return this.#break({ class: "malformed-answer", detail: "bytes after the end of the answer" });
    const ending = this.#owner.judge(flight, head, body);
    if (!head.keepAlive || flight.lane.closes) this.#mayBeUsedAgain = false;
    this.#end(ending);
    this.#answers += 1;
    this.#previous = ending.headers;
  }

  #onEnd(): void {
    const wasUp = this.#phase === "up";
    if (this.#phase === "gone" && this.#flight === undefined) return;
    const wasHandshaking = this.#phase === "handshaking";
    this.#phase = "gone";
    const flight = this.#flight;
    if (flight === undefined) return this.close();
    this.#parser.end();
    if (this.#parser.done) this.#complete(flight, false);
    else if (wasHandshaking) this.#break({ class: "tls-failure", detail: "closed during the handshake" });
    else if (wasUp && this.#parser.started) this.#break({ class: "closed-mid-answer" });
    else this.#break({ class: "closed-before-answer" });
    this.close();
  }

  #onError(error: Error): void {
    const phase = this.#phase;
    this.#phase = "gone";
    const detail = errnoOf(error);
    if (phase === "connecting") this.#break({ class: connectFailure(detail), detail });
    // In TLS 1.3 a server refuses the client's certificate only after the client's side of the handshake has ended.
    else if (phase === "handshaking" || (detail.startsWith("ERR_SSL") && !this.#parser.started))
      this.#break({ class: "tls-failure", detail });
    else this.#break({ class: brokenConnection(detail, this.#parser.started), detail });
  }

  /** The request has failed, and the connection with it. */
  #break(ending: Ending): void {
    this.#mayBeUsedAgain = false;
    const known = this.#owner.partial(this.#parser.head);
    this.#end(known === undefined ? ending : { status: known.status, headers: known.headers, ...ending });
    this.close();
  }

  #end(ending: Ending): void {
    const flight = this.#flight;
    if (flight === undefined) return;
    this.#flight = undefined;
    this.#owner.ended(this, flight, ending);
  }
}
