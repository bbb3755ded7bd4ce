import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { Readable } from "node:stream";
import { BodyReader } from "@seaworthy/load";
import type { ClientConnection, EdgeReply, EdgeRequest } from "./edge-request.ts";
import { Http1Reply } from "./http1-reply.ts";
import { readRequestHead, type RequestHead } from "./request-head.ts";

/** Who is told what comes on a connection. */
export interface Http1Listener {
  onRequest(request: EdgeRequest, reply: EdgeReply): void;
  /** The client wants another protocol. From here on the socket is the listener's, with the bytes that came after the request. */
  onUpgrade(request: EdgeRequest, socket: Socket, rest: Buffer): void;
  /** Asked when an answer begins: whether the connection ends with it. */
  closes(): boolean;
}

/** The most bytes of a head: as Node's own server takes (http.maxHeaderSize). */
const headBytes = 16_384;
/** How long a client may take to hear that its connection ends (nginx: lingering_timeout). */
const lingerMs = 5_000;

/** Speaks HTTP/1.1 with a client (RFC 9112): one request after the other, whose bodies may come whole or flow. */
export class Http1Connection {
  readonly #socket: Socket;
  readonly #connection: ClientConnection;
  readonly #listener: Http1Listener;
  readonly #body: BodyReader;
  /** The head of the next request, as far as it has come, each byte as one character. */
  #text = "";
  #lastText = "";
  /** Clients send many requests with one head. */
  #lastHead: RequestHead | undefined;
  #reply: Http1Reply | undefined;
  /** What each of its answers has to know of it. */
  readonly #answered = {
    closes: () => this.#listener.closes(),
    onEnd: (keepsConnection: boolean) => this.#onAnswered(keepsConnection),
  };
  #isReadingBody = false;
  #stream: Readable | undefined;
  /** What came behind a request that is not answered yet. Nothing more is read meanwhile. */
  #waiting: Buffer | undefined;
  #isEnding = false;
  #hasAnswered = false;

  constructor(socket: Socket, connection: ClientConnection, listener: Http1Listener) {
    this.#socket = socket;
    this.#connection = connection;
    this.#listener = listener;
    this.#body = new BodyReader((bytes, from, to) => this.#onBody(bytes.subarray(from, to)));
  }

  /** Begins to read. */
  start(idleMs: number): void {
    const socket = this.#socket;
    socket.setNoDelay(true);
    // It runs all the time, because that costs less than to set it anew for each request, and is heeded between them.
    socket.setTimeout(idleMs);
    socket.on("timeout", this.#onTimeout);
    socket.on("data", this.#onData);
    // Whoever has no more to say is gone (nginx: 499).
    socket.on("end", this.#onClose).on("close", this.#onClose).on("error", this.#onClose);
  }

  /** Closes it when it has carried a request and carries none now; says whether it did. */
  closeIfIdle(): boolean {
    const isIdle =
      this.#hasAnswered && this.#reply === undefined && !this.#isReadingBody && this.#text === "";
    if (!isIdle || this.#isEnding) return false;
    this.#socket.destroy();
    return true;
  }

  readonly #onData = (bytes: Buffer): void => {
    let at = 0;
    while (at < bytes.length && !this.#isEnding) {
      if (this.#isReadingBody) at = this.#readBody(bytes, at);
      else if (this.#reply === undefined) at = this.#readHead(bytes, at);
      else {
        this.#waiting = bytes.subarray(at);
        this.#socket.pause();
        return;
      }
    }
  };

  #readHead(bytes: Buffer, from: number): number {
    const before = this.#text.length;
    const text = this.#text + bytes.toString("latin1", from);
    if (before < 2 && text.startsWith("\r\n")) {
      // What may stand between two requests (section 2.2).
      this.#text = "";
      return from + 2 - before;
    }
    const end = text.indexOf("\r\n\r\n", Math.max(0, before - 3));
    if (end < 0 ? text.length >= headBytes : end + 4 > headBytes) return this.#refuse(431, bytes.length);
    if (end < 0) {
      // Told at once, because whoever speaks TLS here, or ends lines otherwise, waits for an answer.
      if (neverInHead.test(text)) return this.#refuse(400, bytes.length);
      this.#text = text;
      return bytes.length;
    }
    this.#text = "";
    const own = end + 4 === text.length ? text : text.slice(0, end + 4);
    const head = own === this.#lastText ? this.#lastHead : readRequestHead(own);
    if (head === undefined || typeof head === "number") return this.#refuse(head ?? 400, bytes.length);
    this.#lastText = own;
    this.#lastHead = head;
    return this.#begin(head, bytes, from + end + 4 - before);
  }

  /** Begins a request whose head ends at an offset. */
  #begin(head: RequestHead, bytes: Buffer, at: number): number {
    const { method, host, target, headers, rawHeaders, bodyLength } = head;
    const request = { method, host, target, headers, rawHeaders, connection: this.#connection };
    if (head.upgrades) {
      this.#letGo();
      this.#listener.onUpgrade({ ...request, body: undefined }, this.#socket, bytes.subarray(at));
      return bytes.length;
    }
    const reply = new Http1Reply(this.#socket, head, this.#answered);
    this.#reply = reply;
    const isWhole = bodyLength >= 0 && at + bodyLength <= bytes.length;
    const end = isWhole ? at + bodyLength : at;
    let body: EdgeRequest["body"];
    if (!isWhole) {
      if (head.awaitsContinue && at === bytes.length)
        this.#socket.write("HTTP/1.1 100 Continue\r\n\r\n", "latin1");
      this.#isReadingBody = true;
      this.#body.begin(bodyLength);
      body = this.#stream = this.#makeStream();
    } else if (bodyLength > 0) body = bytes.subarray(at, end);
    this.#listener.onRequest({ ...request, body }, reply);
    return end;
  }

  #makeStream(): Readable {
    const stream = new Readable({ read: () => void (this.#stream === stream && this.#socket.resume()) });
    // It may break off before somebody listens.
    stream.on("error", () => {});
    return stream;
  }

  #readBody(bytes: Buffer, from: number): number {
    const at = this.#body.push(bytes, from, bytes.length);
    if (this.#body.problem !== undefined) return this.#refuse(400, bytes.length);
    if (this.#body.done) {
      this.#isReadingBody = false;
      this.#stream?.push(null);
      this.#stream = undefined;
    }
    return at;
  }

  #onBody(piece: Uint8Array): void {
    // What nobody wants any more is read nevertheless: the next request comes behind it.
    if (this.#stream?.destroyed === false && !this.#stream.push(piece)) this.#socket.pause();
  }

  #onAnswered(keepsConnection: boolean): void {
    this.#reply = undefined;
    this.#hasAnswered = true;
    if (!keepsConnection) {
      this.#end();
      return;
    }
    const waiting = this.#waiting;
    this.#waiting = undefined;
    // Of a body that is still coming nobody takes the rest.
    this.#stream = undefined;
    if (waiting !== undefined || this.#isReadingBody) this.#socket.resume();
    if (waiting !== undefined) this.#onData(waiting);
  }

  /** Answers what cannot be read, and reads no more. Gives `end`. */
  #refuse(status: number, end: number): number {
    const mayAnswer = this.#reply?.isOpen ?? true;
    this.#abandon();
    if (mayAnswer) {
      const head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`;
      this.#socket.write(head, "latin1");
      this.#end();
    } else this.#socket.destroy();
    return end;
  }

  /** Closes, and takes what the client still sends: a reset would take from it what it was answered. */
  #end(): void {
    this.#isEnding = true;
    this.#socket.setTimeout(lingerMs);
    this.#socket.end();
    this.#socket.resume();
  }

  readonly #onTimeout = (): void => {
    if (this.#isEnding) this.#socket.destroy();
    else if (this.#reply === undefined && this.#text !== "") this.#refuse(408, 0);
    else if (this.#reply === undefined) this.#socket.destroy();
  };

  readonly #onClose = (): void => {
    this.#socket.destroy();
    this.#abandon();
  };

  #abandon(): void {
    this.#stream?.destroy(new Error("the client has gone"));
    this.#stream = undefined;
    this.#reply?.abandon();
    this.#reply = undefined;
    this.#waiting = undefined;
  }

  #letGo(): void {
    const socket = this.#socket;
    socket.setTimeout(0);
    socket.off("timeout", this.#onTimeout).off("data", this.#onData);
    socket.off("end", this.#onClose).off("close", this.#onClose).off("error", this.#onClose);
    socket.pause();
    this.#isEnding = true;
  }
}

/** A line end without its carriage return, or a control character. */
const neverInHead = /[^\r]\n|[^\t\r\n\u0020-\u007e\u0080-\u00ff]/;
