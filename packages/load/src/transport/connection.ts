import type { AnswerHead } from "../http/answer-head.ts";
import type { Carrier, Ending, Flight } from "./flight.ts";

/** What a connection tells its owner, and asks of it. */
export interface ConnectionOwner {
  readonly connectTimeoutMs: number;
  readonly responseTimeoutMs: number;
  /** Bytes of a body that the owner wants to look at. */
  readonly keepBody: number;
  now(): number;
  /** Judges a complete answer. `trailers` are those of a call of gRPC. */
  judge(flight: Flight, head: AnswerHead, body: Uint8Array, trailers?: ReadonlyMap<string, string>): Ending;
  /** What can be recorded of an answer that broke off. */
  partial(head: AnswerHead | undefined): Ending | undefined;
  received(bytes: number): void;
  sent(bytes: number): void;
  /** The connection is up, with its TLS session or its HTTP/2 settings. */
  opened(): void;
  /** The request has ended. The connection may be asked whether it has room, and for its `carrier`. */
  ended(connection: Connection, flight: Flight, ending: Ending): void;
  /** The connection has room again, without the end of a request. */
  freed(connection: Connection): void;
  /** The socket is gone; told once, after the end of its requests. */
  closed(connection: Connection): void;
}

/** A connection and the requests on it. Nothing is ever sent twice. */
export abstract class Connection {
  /** For the owner: the connection's place among the open ones, the lane that it was opened for, and its state in the pool. */
  place = -1;
  laneIndex = 0;
  isMember = false;
  isQueued = false;
  /** Requests that the connection was given. */
  uses = 0;
  /** When the connection was opened, and when it is to be closed if nobody has used it until then. */
  readonly openedMs: number;
  restsUntilMs = Number.POSITIVE_INFINITY;

  constructor(openedMs: number) {
    this.openedMs = openedMs;
  }

  /** Whether the connection can carry one more request now. */
  abstract readonly hasRoom: boolean;
  abstract readonly isBusy: boolean;
  /** What the connection adds to the record of a request; read while the request ends. */
  abstract readonly carrier: Carrier;
  /** Starts a request, at once or as soon as the connection is up. */
  abstract send(flight: Flight): void;
  /** Takes no more requests. */
  abstract retire(): void;
  /** Ends requests that have taken too long. */
  abstract expire(now: number): void;
  abstract close(): void;
}
