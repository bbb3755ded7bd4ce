import type { Socket } from "node:net";
import type { AskForSocket, DialAnswer } from "../generator/generator.ts";
import { closedUnread } from "../transport/failure-class.ts";
import { type FromLoadProcess, sharedClockMs, type ToLoadProcess } from "./messages.ts";

/** The load process' side of dialing: questions go to the parent; addresses come back, or sockets beside the messages. */
export class ParentDialer {
  readonly #send: (message: FromLoadProcess) => void;
  readonly #waiting = new Map<number, (answer: DialAnswer) => void>();
  #nextId = 0;

  constructor(send: (message: FromLoadProcess) => void) {
    this.#send = send;
  }

  readonly ask: AskForSocket = (target, done) => {
    const id = this.#nextId++;
    this.#waiting.set(id, done);
    this.#send({ type: "dial", id, target, askedAt: sharedClockMs() });
  };

  /** Takes the parent's answer. A socket that nobody waits for any more is closed. */
  answered(message: ToLoadProcess & { type: "dialed" }, socket: Socket | undefined): void {
    if (socket) this.#send({ type: "taken" });
    const done = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    const lagMs = message.lag.questionMs + (sharedClockMs() - message.lag.answeredAt);
    if (!done) socket?.destroy();
    else if ("address" in message && message.address !== undefined) {
      const unanswered = (): void => this.#send({ type: "unanswered", id: message.id });
      done({ address: message.address, unanswered, peer: message.peer, lagMs });
    } else if (socket) done({ socket, peer: message.peer, lagMs });
    // When a message tells of a connection and comes without a socket, the socket closed on the way.
    else done({ code: "code" in message ? message.code : closedUnread, peer: message.peer, lagMs });
  }
}
