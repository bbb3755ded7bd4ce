import type { ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import { closedUnread, errnoOf } from "../transport/failure-class.ts";
import { HandOver } from "./hand-over.ts";
import type { Dial } from "./load-run.ts";
import { type DialResult, type FromLoadProcess, sharedClockMs, type ToLoadProcess } from "./messages.ts";

/** The parent's side of dialing: dials, and hands each socket over unread. Gives the handler of the load process' messages. */
export function serveDials(
  child: ChildProcess,
  dial: Dial,
  timeoutMs: number,
): (question: FromLoadProcess & { type: "dial" | "taken" }) => void {
  const handOver = new HandOver(child);
  return (question) => {
    if (question.type === "taken") return handOver.taken();
    const questionMs = sharedClockMs() - question.askedAt;
    const answer = (result: DialResult, socket?: Socket): void => {
      const lag = { questionMs, answeredAt: sharedClockMs() };
      const message: ToLoadProcess = { type: "dialed", id: question.id, lag, ...result };
      if (socket) handOver.give(message, socket);
      // A load process that has ended asks for nothing any more.
      else if (child.connected) child.send(message, () => undefined);
    };
    void connected(dial, question.target, timeoutMs).then(
      ({ socket, peer }) => {
        // While a socket waits for its turn, this process owns it; its errors show in the load process as a missing socket.
        socket.on("error", () => undefined);
        if (socket.destroyed || socket.readableEnded) {
          socket.destroy();
          answer({ peer, code: closedUnread });
        } else answer({ peer }, socket);
      },
      (error: unknown) => {
        const peer = (error as { peer?: unknown } | undefined)?.peer;
        answer({ code: errnoOf(error), ...(typeof peer === "string" ? { peer } : {}) });
      },
    );
  };
}

/** Turns a dialer that throws at once into one that rejects. */
async function connected(dial: Dial, target: string, timeoutMs: number): ReturnType<Dial> {
  return await dial(target, timeoutMs);
}
