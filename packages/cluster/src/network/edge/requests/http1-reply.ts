import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { Writable } from "node:stream";
import { writeWhole } from "../write-whole.ts";
import type { AnswerHead, EdgeReply } from "./edge-request.ts";
import type { RequestHead } from "./request-head.ts";

/** How the end of a body is told: by its length, by chunks, by the connection's end; or that there is none. */
type Framing = "length" | "chunks" | "close" | "none";

/** What a connection has to do with an answer on it. */
interface AnsweredConnection {
  /** Asked when the answer begins: whether the connection ends with it, whatever the client wants. */
  readonly closes: () => boolean;
  /** The whole answer is written. */
  readonly onEnd: (keepsConnection: boolean) => void;
}

/** The way back to a client that speaks HTTP/1.1 (RFC 9112). */
export class Http1Reply implements EdgeReply {
  readonly #socket: Socket;
  readonly #request: Pick<RequestHead, "method" | "isOld" | "keepAlive">;
  readonly #connection: AnsweredConnection;
  readonly #listeners: ((isWhole: boolean) => void)[] = [];
  #keepAlive: boolean;
  #framing: Framing = "none";
  #isOpen = true;
  #hasEnded = false;
  #stream: Writable | undefined;

  constructor(
    socket: Socket,
    request: Pick<RequestHead, "method" | "isOld" | "keepAlive">,
    connection: AnsweredConnection,
  ) {
    this.#socket = socket;
    this.#request = request;
    this.#keepAlive = request.keepAlive;
    this.#connection = connection;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  send(head: AnswerHead, body: Buffer): void {
    const text = this.#begin(head);
    if (this.#framing === "none") this.#socket.write(text, "latin1");
    else if (this.#framing === "chunks") writeWhole(this.#socket, text, asChunks(body));
    else writeWhole(this.#socket, text, body);
    this.#end(true);
  }

  begin(head: AnswerHead): Writable {
    const socket = this.#socket;
    // The head leaves with the first of the body; but that may come long after it, and the client is to see the head at once.
    socket.cork();
    socket.write(this.#begin(head), "latin1");
    setImmediate(() => socket.uncork());
    const stream = new Writable({
      write: (piece: Buffer, _encoding, done) => this.#writePiece(piece, done),
      final: (done) => {
        if (this.#framing === "chunks") socket.write("0\r\n\r\n", "latin1");
        this.#end(true);
        done();
      },
    });
    // Who writes hears of it by `onEnd`.
    stream.on("error", () => {});
    this.#stream = stream;
    return stream;
  }

  cut(): void {
    this.#socket.destroy();
  }

  onEnd(listener: (isWhole: boolean) => void): void {
    this.#listeners.push(listener);
  }

  /** The client is gone. */
  abandon(): void {
    this.#isOpen = false;
    this.#stream?.destroy();
    this.#end(false);
  }

  #begin({ status, reason = STATUS_CODES[status] ?? "", headers }: AnswerHead): string {
    const { method, isOld } = this.#request;
    const { text, hasLength, hasDate } = fields(headers);
    const hasNoBody = method === "HEAD" || status === 204 || status === 304;
    this.#framing = hasNoBody ? "none" : hasLength ? "length" : isOld ? "close" : "chunks";
    this.#isOpen = false;
    if (this.#framing === "close" || this.#connection.closes()) this.#keepAlive = false;
    const date = hasDate ? "" : `Date: ${new Date().toUTCString()}\r\n`;
    const coding = this.#framing === "chunks" ? "Transfer-Encoding: chunked\r\n" : "";
    const connection = this.#keepAlive ? "keep-alive" : "close";
    return `HTTP/1.1 ${status} ${reason}\r\n${text}${date}${coding}Connection: ${connection}\r\n\r\n`;
  }

  #writePiece(piece: Buffer, done: (error?: Error | null) => void): void {
    const socket = this.#socket;
    if (this.#framing === "none" || piece.length === 0) return done();
    if (this.#framing !== "chunks") return void socket.write(piece, done);
    socket.cork();
    socket.write(`${piece.length.toString(16)}\r\n`, "latin1");
    socket.write(piece);
    socket.write("\r\n", "latin1", done);
    socket.uncork();
  }

  #end(isWhole: boolean): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    for (const listener of this.#listeners) listener(isWhole);
    if (isWhole) this.#connection.onEnd(this.#keepAlive);
  }
}

const unwritable = /[^\t\u0020-\u007e\u0080-\u00ff]/;

/** Headers as lines. Throws when one would be read as something else than it is. */
function fields(headers: readonly string[]): { text: string; hasLength: boolean; hasDate: boolean } {
  let text = "";
  let hasLength = false;
  let hasDate = false;
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = headers[index] as string;
    const value = headers[index + 1] as string;
    if (unwritable.test(value)) throw new TypeError(`the header ${name} cannot be written`);
    const lower = name.toLowerCase();
    hasLength ||= lower === "content-length";
    hasDate ||= lower === "date";
    text += `${name}: ${value}\r\n`;
  }
  return { text, hasLength, hasDate };
}

/** A whole body in chunks, of which there is one at most. */
function asChunks(body: Buffer): Buffer {
  if (body.length === 0) return lastChunk;
  return Buffer.concat([
    Buffer.from(`${body.length.toString(16)}\r\n`),
    body,
    Buffer.from("\r\n"),
    lastChunk,
  ]);
}

const lastChunk = Buffer.from("0\r\n\r\n");
