import { Readable, Writable } from "node:stream";
import type { RawData, WebSocket } from "ws";

/** How the messages of a channel are written. */
export type ChannelEncoding = "binary" | "base64";

/** A channel that holds more than this unread holds up the connection. */
const mostUnreadBytes = 1024 * 1024;
/** The first byte of a message of v5 that says that a channel ends; its number follows. */
const endOfChannel = 255;

/**
 * Several streams over one WebSocket: each message begins with the number of its channel.
 * https://github.com/kubernetes/apiserver/blob/master/pkg/util/flushwriter (wsstream), and KEP-4006 for the end of a channel
 */
export class WebSocketChannels {
  /** Aborted when the connection is closed, by whomever. */
  readonly gone: AbortSignal;
  readonly #socket: WebSocket;
  readonly #encoding: ChannelEncoding;
  readonly #canEnd: boolean;
  readonly #incoming = new Map<number, IncomingChannel>();
  readonly #held = new Set<IncomingChannel>();

  /** With `canEnd` the client may end a channel without ending the connection. */
  constructor(socket: WebSocket, { encoding, canEnd }: { encoding: ChannelEncoding; canEnd: boolean }) {
    this.#socket = socket;
    this.#encoding = encoding;
    this.#canEnd = canEnd;
    const gone = new AbortController();
    this.gone = gone.signal;
    socket.on("message", (data) => this.#take(decode(data, encoding)));
    socket.once("close", () => {
      for (const channel of this.#incoming.values()) channel.destroy();
      gone.abort();
    });
  }

  /** What the client sends on a channel. What comes on a channel that nobody opened is left out. */
  readable(channel: number): Readable {
    const incoming = new IncomingChannel((isFull) => this.#hold(incoming, isFull));
    this.#incoming.set(channel, incoming);
    return incoming;
  }

  /** Sends to the client on a channel. Ending it tells the client nothing. */
  writable(channel: number): Writable {
    const writable = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        this.#socket.send(encode(channel, chunk, this.#encoding), done);
      },
    });
    // The client is gone; `gone` says so.
    writable.on("error", () => {});
    return writable;
  }

  /** Sends one message, which may be empty. */
  send(channel: number, data: Uint8Array): void {
    this.#socket.send(encode(channel, data, this.#encoding), () => {});
  }

  /** Closes the connection in good order, when all that was sent is on its way. */
  close(): void {
    this.#socket.close(1000);
  }

  #take(message: Buffer): void {
    const [channel, ended] = message;
    if (channel === undefined) return;
    if (channel === endOfChannel && this.#canEnd) {
      if (ended !== undefined) this.#incoming.get(ended)?.end();
    } else this.#incoming.get(channel)?.receive(message.subarray(1));
  }

  #hold(channel: IncomingChannel, isFull: boolean): void {
    if (isFull) this.#held.add(channel);
    else if (!this.#held.delete(channel)) return;
    if (this.#held.size > 0) this.#socket.pause();
    else this.#socket.resume();
  }
}

class IncomingChannel extends Readable {
  readonly #onFull: (isFull: boolean) => void;
  #isEnded = false;

  constructor(onFull: (isFull: boolean) => void) {
    super();
    this.#onFull = onFull;
    this.on("error", () => {});
    this.once("close", () => onFull(false));
  }

  receive(data: Buffer): void {
    if (this.#isEnded || this.destroyed || data.length === 0) return;
    if (!this.push(data) && this.readableLength > mostUnreadBytes) this.#onFull(true);
  }

  end(): void {
    if (!this.#isEnded && !this.destroyed) this.push(null);
    this.#isEnded = true;
  }

  override _read(): void {
    this.#onFull(false);
  }
}

function encode(channel: number, data: Uint8Array, encoding: ChannelEncoding): string | Buffer {
  return encoding === "binary"
    ? Buffer.concat([Buffer.of(channel), data])
    : `${channel}${Buffer.from(data).toString("base64")}`;
}

function decode(data: RawData, encoding: ChannelEncoding): Buffer {
  const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer);
  if (encoding === "binary" || bytes.length === 0) return bytes;
  // The number is one digit.
  const channel = bytes[0]! - 0x30;
  if (channel < 0 || channel > 9) return Buffer.alloc(0);
  return Buffer.concat([Buffer.of(channel), Buffer.from(bytes.toString("latin1", 1), "base64")]);
}
