import type { ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import { closedUnread, errnoOf } from "../transport/failure-class.ts";
import { HandOver } from "./hand-over.ts";
import type { ChosenAddress, Dial } from "./load-run.ts";
import { type DialResult, type FromLoadProcess, sharedClockMs, type ToLoadProcess } from "./messages.ts";

/** The most addresses of which the load process may still say that nobody answered. */
const mostAwaited = 16_384;

/**
 * The parent's side of dialing: says which address was chosen, or dials and hands the socket over unread. Gives the handler of
 * the load process' messages.
 */
export function serveDials(
  child: ChildProcess,
  dial: Dial,
  timeoutMs: number,
): (question: FromLoadProcess & { type: "dial" | "taken" | "unanswered" }) => void {
  const handOver = new HandOver(child);
  const awaited = new Map<number, ChosenAddress>();
  return (question) => {
    if (question.type === "taken") return handOver.taken();
    if (question.type === "unanswered") return awaited.get(question.id)?.unanswered();
    const questionMs = sharedClockMs() - question.askedAt;
    const answer = (result: DialResult, socket?: Socket): void => {
      const lag = { questionMs, answeredAt: sharedClockMs() };
      const message: ToLoadProcess = { type: "dialed", id: question.id, lag, ...result };
      if (socket) handOver.give(message, socket);
      // A load process that has ended asks for nothing any more.
      else if (child.connected) child.send(message, () => undefined);
    };
    void connected(dial, question.target, timeoutMs).then(
      (dialed) => {
        const { peer } = dialed;
        if (!("socket" in dialed)) {
          const { host, port } = dialed;
          awaited.set(question.id, dialed);
          // Ids only rise, and so the oldest is the one that has been waited for long enough.
          awaited.delete(question.id - mostAwaited);
          return answer({ peer, address: { host, port } });
        }
        const { socket } = dialed;
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
