import type { Socket } from "node:net";
import { Readable } from "node:stream";
import { ResponseParser, type HeadCache } from "@seaworthy/load";
import { writeWhole } from "../write-whole.ts";
import type { UpstreamAnswer } from "./upstream.ts";
import { writeBody, type WrittenRequest } from "./write-request.ts";

/** A request on its way to a pod. */
export interface Flight extends WrittenRequest {
  readonly readTimeoutMs: number;
  onAnswer(answer: UpstreamAnswer): void;
  /** Called instead when no answer has begun. */
  onFailure(code: string, hasTimedOut: boolean): void;
}

/** Who is told what becomes of a connection. */
export interface ConnectionOwner {
  /** It may carry another request. */
  freed(connection: PodConnection): void;
  /** It is gone, or will carry no more. Told once. */
  closed(connection: PodConnection): void;
}

/** A connection to a pod in HTTP/1.1, with at most one request on it (RFC 9112). It ends with the first thing that is wrong. */
export class PodConnection {
  /** Requests that were answered. */
  answered = 0;
  readonly #socket: Socket;
  readonly #owner: ConnectionOwner;
  readonly #parser: ResponseParser;
  #flight: Flight | undefined;
  #isSent = true;
  #stopSending: (() => void) | undefined;
  /** Where the body goes once the answer has begun. Until then its pieces wait: most answers come whole. */
  #stream: Readable | undefined;
  #pieces: Uint8Array[] = [];
  #isOpen = true;

  constructor(socket: Socket, cache: HeadCache, owner: ConnectionOwner) {
    this.#socket = socket;
    this.#owner = owner;
    this.#parser = new ResponseParser(cache, undefined, (bytes, from, to) =>
      this.#onBody(bytes.subarray(from, to)),
    );
    socket.setNoDelay(true);
    socket.on("data", (bytes: Buffer) => this.#onData(bytes));
    socket.on("end", () => this.#onEnd());
    socket.on("timeout", () => this.#onTimeout());
    socket.on("error", (error: NodeJS.ErrnoException) => this.destroy(error.code));
    socket.on("close", () => this.destroy());
  }

  send(flight: Flight): void {
    const { method, head, body } = flight;
    this.#flight = flight;
    this.#parser.begin(method);
    this.#limitSilence(flight.readTimeoutMs);
    if (Buffer.isBuffer(body)) {
      writeWhole(this.#socket, head, body);
      return;
    }
    this.#socket.write(head, "latin1");
    if (body === undefined) return;
    this.#isSent = false;
    this.#stopSending = writeBody(body, this.#socket, flight.isChunked, () => (this.#isSent = true));
  }

  /** Waits for the next request, for so long. */
  rest(idleMs: number): void {
    this.#limitSilence(idleMs);
    this.#socket.resume();
  }

  /** Ends the connection if this is still what is on it. */
  end(flight: Flight, code: string | undefined): void {
    if (this.#flight === flight) this.destroy(code);
  }

  /** Ends the connection, and with it what is on it. */
  destroy(code = "ECONNRESET", hasTimedOut = false): void {
    const flight = this.#flight;
    const stream = this.#endFlight();
    this.#close();
    if (stream !== undefined) stream.destroy(Object.assign(new Error("the answer broke off"), { code }));
    else flight?.onFailure(code, hasTimedOut);
  }

  /** What is written and read begins the time anew, so a limit that stays need not be set anew. */
  #limitSilence(timeoutMs: number): void {
    if (this.#socket.timeout !== timeoutMs) this.#socket.setTimeout(timeoutMs);
  }

  #onData(bytes: Buffer): void {
    // Nobody has asked for these bytes, so the next answer could not be trusted.
    if (this.#flight === undefined) return this.destroy();
    const used = this.#parser.push(bytes, 0, bytes.length);
    this.#deliver(this.#flight, used === bytes.length);
  }

  #onBody(piece: Uint8Array): void {
    if (this.#stream === undefined) this.#pieces.push(piece);
    else if (!this.#stream.push(piece)) this.#socket.pause();
  }

  #onEnd(): void {
    this.#parser.end();
    if (this.#flight !== undefined && this.#parser.done) this.#deliver(this.#flight, false);
    else this.destroy();
  }

  #onTimeout(): void {
    // A pod whose answer the client does not take is not silent.
    if (this.#stream !== undefined && this.#socket.isPaused())
      this.#socket.setTimeout(this.#flight?.readTimeoutMs ?? 0);
    else this.destroy("ETIMEDOUT", true);
  }

  /** Passes on what has been read. `mayStay`: whether nothing has come that belongs to no answer. */
  #deliver(flight: Flight, mayStay: boolean): void {
    const { head, done, problem } = this.#parser;
    if (problem !== undefined) return this.destroy("EPROTO");
    if (head === undefined) return;
    const { status, reason, rawHeaders } = head;
    const pieces = this.#pieces;
    if (!done) {
      if (this.#stream !== undefined) return;
      this.#stream = this.#makeStream(pieces);
      flight.onAnswer({ status, reason, rawHeaders, body: this.#stream });
      return;
    }
    // A pod that answers before it has the whole request does not want the rest, which must not come before the next one.
    const stays = mayStay && head.keepAlive && this.#isSent;
    this.answered += 1;
    const stream = this.#endFlight();
    if (stays) this.#owner.freed(this);
    else this.#close();
    if (stream !== undefined) stream.push(null);
    else flight.onAnswer({ status, reason, rawHeaders, body: joined(pieces) });
  }

  #makeStream(pieces: readonly Uint8Array[]): Readable {
    const stream = new Readable({
      read: () => void (this.#stream === stream && this.#socket.resume()),
      destroy: (error, done) => {
        if (this.#stream === stream) {
          this.#endFlight();
          this.#close();
        }
        done(error);
      },
    });
    // Whoever reads it listens, too; but the pod may be gone before somebody does.
    stream.on("error", () => {});
    for (const piece of pieces) stream.push(piece);
    return stream;
  }

  #endFlight(): Readable | undefined {
    const stream = this.#stream;
    this.#stopSending?.();
    this.#stopSending = undefined;
    this.#isSent = true;
    this.#flight = undefined;
    this.#stream = undefined;
    this.#pieces = [];
    return stream;
  }

  #close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#owner.closed(this);
    this.#socket.destroy();
  }
}

function joined(pieces: readonly Uint8Array[]): Buffer {
  const [first] = pieces;
  return pieces.length === 1 && Buffer.isBuffer(first) ? first : Buffer.concat(pieces);
}
