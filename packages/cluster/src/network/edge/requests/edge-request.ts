import type { IncomingHttpHeaders } from "node:http";
import type { Readable, Writable } from "node:stream";

/** A request as it came to the edge, in whatever version of HTTP. */
export interface EdgeRequest {
  readonly method: string;
  /** The Host header or `:authority`, with its port; "" when there is none. */
  readonly host: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  /** Names and values in turn, without those of the protocol itself (`:path`). */
  readonly rawHeaders: readonly string[];
  /** The whole of it where it came with the head; undefined when the request has none. */
  readonly body: Readable | Buffer | undefined;
  readonly connection: ClientConnection;
}

/** The connection that a request came on. */
export interface ClientConnection {
  readonly isTls: boolean;
  readonly clientIp: string;
  /** The port of the edge. */
  readonly port: number;
  /** The port at which the edge speaks without TLS. */
  readonly barePort: number;
  /** The port at which the edge speaks TLS. */
  readonly tlsPort: number;
  /** The worker of the edge that took it. */
  readonly worker: number;
}

/** What the edge answers with; headers are names and values in turn. */
export interface AnswerHead {
  readonly status: number;
  readonly reason: string | undefined;
  readonly headers: readonly string[];
  /** Fields that come after the body, asked for at its end. Only clients of HTTP/2 get them. */
  readonly trailers?: () => readonly string[];
}

/** The way back to the client. */
export interface EdgeReply {
  /** Whether an answer can still begin. */
  readonly isOpen: boolean;
  /** Sends an answer whose body is there. */
  send(head: AnswerHead, body: Buffer): void;
  /** Sends the head, and gives what takes the body. */
  begin(head: AnswerHead): Writable;
  /** Breaks off, so that the client knows its answer to be incomplete. */
  cut(): void;
  /** Tells of the end: whether the whole answer was sent. */
  onEnd(listener: (isWhole: boolean) => void): void;
}
