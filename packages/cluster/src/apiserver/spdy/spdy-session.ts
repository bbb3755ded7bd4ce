import { Duplex } from "node:stream";
import { HeaderBlockReader, HeaderBlockWriter, type SpdyHeaders } from "./header-blocks.ts";
import {
  dataFrame,
  goAwayFrame,
  goAwayStatus,
  pingFrame,
  resetStatus,
  rstStreamFrame,
  SpdyFrameReader,
  SpdyProtocolError,
  synReplyFrame,
  type SpdyFrame,
} from "./spdy-frames.ts";

/** More streams at once than this are refused: a thousand forwarded connections. */
const mostStreams = 2_000;
/** A stream that holds more than this unread holds up the connection, for there is no other flow control. */
const mostUnreadBytes = 1024 * 1024;
/** How long a client may take to close a connection that was ended. */
const lingerMs = 5_000;
/** A write to the connection is not larger than this, so that streams take turns. */
const largestWrite = 32 * 1024;

/**
 * The server's side of a SPDY/3.1 connection as Kubernetes' clients use it: streams are opened by the client, headers come
 * with the opening only, and windows are neither kept nor announced, as with https://github.com/moby/spdystream.
 */
export class SpdySession {
  /** Aborted when the connection is over, by whomever. */
  readonly gone: AbortSignal;
  readonly #socket: Duplex;
  readonly #onStream: (stream: SpdyStream) => void;
  readonly #streams = new Map<number, SpdyStream>();
  readonly #reader = new SpdyFrameReader();
  readonly #headersIn = new HeaderBlockReader();
  readonly #headersOut = new HeaderBlockWriter();
  readonly #gone = new AbortController();
  #lastStreamId = 0;
  #isClosing = false;

  /** Each stream that the client opens is accepted and handed to `onStream`. */
  constructor(socket: Duplex, onStream: (stream: SpdyStream) => void) {
    this.#socket = socket;
    this.#onStream = onStream;
    this.gone = this.#gone.signal;
    socket.once("close", () => this.#over());
    socket.on("error", () => {});
    void this.#serve();
  }

  /** Tells the client that no stream is taken any more, and closes when all that was written is sent. */
  close(): void {
    this.#goAway(goAwayStatus.ok);
  }

  async #serve(): Promise<void> {
    try {
      // What is still to be written must not be lost when the reading ends.
      const chunks = this.#socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
      for await (const chunk of chunks)
        for (const frame of this.#reader.push(chunk)) {
          if (this.#isClosing) return;
          await this.#take(frame);
        }
      this.#socket.end();
    } catch (error) {
      if (error instanceof SpdyProtocolError) this.#goAway(goAwayStatus.protocolError);
      else this.#socket.destroy();
    } finally {
      this.#over();
    }
  }

  async #take(frame: SpdyFrame): Promise<void> {
    switch (frame.type) {
      case "syn-stream":
        return this.#open(frame.streamId, frame.isLast, await this.#headersIn.read(frame.headers));
      case "data":
        return await this.#takeData(frame.streamId, frame.data, frame.isLast);
      case "headers":
      case "syn-reply":
        // They are read because the blocks of a connection depend on each other.
        await this.#headersIn.read(frame.headers);
        if (frame.isLast) this.#streams.get(frame.streamId)?.endOfInput();
        return;
      case "rst-stream":
        return this.#streams.get(frame.streamId)?.resetByPeer();
      case "ping":
        // One of our own would be even, and we send none.
        if (frame.id % 2 === 1) this.#write(pingFrame(frame.id));
        return;
      case "go-away":
        this.#goAway(goAwayStatus.ok);
        return;
      case "other":
    }
  }

  #open(id: number, isLast: boolean, headers: SpdyHeaders): void {
    // A client's streams have odd numbers that rise: SPDY/3, section 2.3.2.
    if (id % 2 === 0 || id <= this.#lastStreamId) {
      const isOpen = this.#streams.has(id);
      this.#write(rstStreamFrame(id, isOpen ? resetStatus.streamInUse : resetStatus.protocolError));
      return;
    }
    this.#lastStreamId = id;
    if (this.#streams.size >= mostStreams) {
      this.#write(rstStreamFrame(id, resetStatus.refusedStream));
      return;
    }
    const stream = new SpdyStream(id, headers, {
      send: (data, isEnd, done) => this.#send(id, data, isEnd, done),
      closed: (isReset) => {
        this.#streams.delete(id);
        if (isReset) this.#write(rstStreamFrame(id, resetStatus.cancel));
      },
    });
    this.#streams.set(id, stream);
    this.#write(synReplyFrame(id, this.#headersOut.write(new Map())));
    if (isLast) stream.endOfInput();
    this.#onStream(stream);
  }

  async #takeData(id: number, data: Buffer, isLast: boolean): Promise<void> {
    const stream = this.#streams.get(id);
    if (stream === undefined) {
      // One that was open may have been closed here while this was on its way.
      if (id > this.#lastStreamId || id % 2 === 0) this.#write(rstStreamFrame(id, resetStatus.invalidStream));
      return;
    }
    stream.receive(data);
    if (isLast) stream.endOfInput();
    else if (stream.readableLength > mostUnreadBytes) await stream.wantsMore(this.gone);
  }

  #send(id: number, data: Buffer, isEnd: boolean, done: (error?: Error | null) => void): void {
    if (this.#socket.destroyed || this.#isClosing) return done(new Error("the connection is closed"));
    let at = 0;
    do {
      const part = data.subarray(at, at + largestWrite);
      at += part.length;
      const isLastPart = at >= data.length;
      const frame = dataFrame(id, part, isEnd && isLastPart);
      if (isLastPart) this.#socket.write(frame, done);
      else this.#socket.write(frame);
    } while (at < data.length);
  }

  #write(frame: Buffer): void {
    if (!this.#socket.destroyed && !this.#isClosing) this.#socket.write(frame);
  }

  #goAway(status: number): void {
    if (this.#isClosing) return;
    this.#write(goAwayFrame(this.#lastStreamId, status));
    this.#isClosing = true;
    this.#socket.end();
    // What the client still sends is of no use, but its end must be heard, for a while.
    this.#socket.resume();
    const timer = setTimeout(() => this.#socket.destroy(), lingerMs).unref();
    this.#socket.once("close", () => clearTimeout(timer));
    this.#over();
  }

  #over(): void {
    if (this.#gone.signal.aborted) return;
    this.#isClosing = true;
    this.#headersIn.close();
    for (const stream of this.#streams.values()) stream.resetByPeer();
    this.#streams.clear();
    this.#gone.abort();
  }
}

/** What a stream needs of its session. */
interface StreamLink {
  send(data: Buffer, isEnd: boolean, done: (error?: Error | null) => void): void;
  closed(isReset: boolean): void;
}

/** One stream. Each side ends on its own; destroying it before both have ended resets it. */
export class SpdyStream extends Duplex {
  readonly id: number;
  readonly headers: SpdyHeaders;
  readonly #link: StreamLink;
  #isInputOver = false;
  #isOutputOver = false;
  #isReset = false;
  #wake: (() => void) | undefined;

  constructor(id: number, headers: SpdyHeaders, link: StreamLink) {
    super({ allowHalfOpen: true });
    this.id = id;
    this.headers = headers;
    this.#link = link;
    this.on("error", () => {});
  }

  /** Takes data from the client. */
  receive(data: Buffer): void {
    if (!this.#isInputOver && !this.destroyed && data.length > 0) this.push(data);
  }

  /** The client sends no more. */
  endOfInput(): void {
    if (this.#isInputOver || this.destroyed) return;
    this.#isInputOver = true;
    this.push(null);
  }

  /** The client has given the stream up, or is gone. */
  resetByPeer(): void {
    this.#isReset = true;
    this.destroy(new Error("the stream was reset"));
  }

  /** Resolves when what was sent is read. */
  wantsMore(gone: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#wake = undefined;
        gone.removeEventListener("abort", wake);
        resolve();
      };
      this.#wake = wake;
      gone.addEventListener("abort", wake);
    });
  }

  override _read(): void {
    this.#wake?.();
  }

  override _write(data: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#link.send(data, false, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#isOutputOver = true;
    this.#link.send(Buffer.alloc(0), true, done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#wake?.();
    const isWhole = this.#isInputOver && this.#isOutputOver;
    this.#link.closed(!this.#isReset && !isWhole);
    done(error);
  }
}
