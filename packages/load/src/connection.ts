import type { Socket } from "node:net";
import { brokenConnection, closedUnread, connectFailure, errnoOf } from "./failure-class.ts";
import type { Carrier, Ending, Flight } from "./flight.ts";
import { judge, recorded } from "./judge.ts";
import type { LoadPlan } from "./plan.ts";
import { requestText } from "./request-text.ts";
import { ResponseParser } from "./response-parser.ts";

/** What a connection tells its owner. */
export interface ConnectionOwner {
  readonly plan: Pick<LoadPlan, "goodStatus" | "recordHeaders">;
  /** The request has been written: the time of the answer runs. */
  sent(connection: Connection): void;
  /** The request has ended. `reusable`: the connection may carry another one. */
  ended(connection: Connection, flight: Flight, ending: Ending, carrier: Carrier, reusable: boolean): void;
  /** The socket is gone; told once, after the end of its request. */
  closed(connection: Connection): void;
}

/** A socket and the at most one request on it: no pipelining, no retry. */
export class Connection {
  readonly peer: string | undefined;
  readonly #socket: Socket;
  readonly #owner: ConnectionOwner;
  readonly #parser = new ResponseParser();
  #flight: Flight | undefined;
  #connected: boolean;
  #gone = false;
  #answers = 0;
  #previous: Readonly<Record<string, string>> | undefined;

  constructor(socket: Socket, owner: ConnectionOwner, peer?: string) {
    this.#socket = socket;
    this.#owner = owner;
    this.peer = peer;
    this.#connected = !socket.connecting;
    if (!this.#connected) socket.once("connect", () => this.#onConnect());
    socket.on("data", (chunk: Buffer) => this.#onData(chunk));
    socket.on("end", () => this.#onEnd());
    socket.on("error", (error) => this.#onError(error));
    socket.on("close", () => {
      // A socket may close without an error or an end when it is destroyed from elsewhere; the request must not be lost.
      this.#onEnd();
      owner.closed(this);
    });
  }

  get busy(): boolean {
    return this.#flight !== undefined;
  }

  /** Starts a request, at once or as soon as the connection is up. */
  send(flight: Flight): void {
    this.#flight = flight;
    this.#parser.reset();
    if (this.#gone)
      this.#finish({ class: brokenConnection(closedUnread, false), detail: closedUnread }, false);
    else if (this.#connected) this.#write(flight);
  }

  /** The time of the connect or of the answer is over. */
  expire(): void {
    if (this.#connected) this.#finish({ class: "response-timeout", ...this.#partial() }, false);
    else this.#finish({ class: "connect-timeout" }, false);
    this.close();
  }

  close(): void {
    this.#socket.destroy();
  }

  #onConnect(): void {
    this.#connected = true;
    if (this.#flight) this.#write(this.#flight);
  }

  #write(flight: Flight): void {
    this.#socket.write(requestText(flight.slot, flight.token), "latin1");
    this.#owner.sent(this);
  }

  #onData(chunk: Buffer): void {
    // Bytes that nobody asked for: what follows on this connection could not be trusted.
    if (!this.#flight) return this.close();
    const used = this.#parser.push(chunk);
    if (this.#parser.problem !== undefined) {
      this.#finish({ class: "wrong-body", detail: this.#parser.problem }, false);
      this.close();
    } else if (this.#parser.done) this.#complete(chunk.length - used);
  }

  #complete(extraBytes: number): void {
    const flight = this.#flight as Flight;
    const ending = judge(this.#parser, flight, extraBytes, this.#owner.plan);
    this.#finish(ending, extraBytes === 0 && this.#parser.keepAlive && flight.slot.client === "keep-alive");
    this.#answers++;
    this.#previous = ending.headers;
  }

  #onEnd(): void {
    this.#gone = true;
    if (!this.#flight) return this.close();
    this.#parser.end();
    if (this.#parser.done) this.#complete(0);
    else
      this.#finish(
        { class: this.#parser.started ? "closed-mid-answer" : "closed-before-answer", ...this.#partial() },
        false,
      );
    this.close();
  }

  #onError(error: Error): void {
    this.#gone = true;
    const detail = errnoOf(error);
    if (!this.#connected) this.#finish({ class: connectFailure(detail), detail }, false);
    else
      this.#finish(
        { class: brokenConnection(detail, this.#parser.started), detail, ...this.#partial() },
        false,
      );
  }

  /** What is known of an answer that broke off after its head. */
  #partial(): Pick<Ending, "status" | "headers"> {
    if (!this.#parser.hasHead) return {};
    return { status: this.#parser.status, ...recorded(this.#parser.headers, this.#owner.plan.recordHeaders) };
  }

  #finish(ending: Ending, reusable: boolean): void {
    const flight = this.#flight;
    if (!flight) return;
    this.#flight = undefined;
    const carrier = { reusedConnection: this.#answers > 0, previous: this.#previous, peer: this.peer };
    this.#owner.ended(this, flight, ending, carrier, reusable);
  }
}
