import type { ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import { errnoOf } from "./failure-class.ts";
import type { Dial } from "./load-run.ts";
import { type DialResult, type FromLoadProcess, sharedClockMs, type ToLoadProcess } from "./messages.ts";

/** The parent's side of dialing: dials, and hands each socket over unread. Gives the handler of the load process' questions. */
export function serveDials(
  child: ChildProcess,
  dial: Dial,
  timeoutMs: number,
): (question: FromLoadProcess & { type: "dial" }) => void {
  const onTheWay = new Set<Socket>();
  // Sockets that wait for their turn have nobody left who wants them.
  child.once("disconnect", () => {
    for (const socket of onTheWay) socket.destroy();
  });
  return (question) => {
    const questionMs = sharedClockMs() - question.askedAt;
    const answer = (result: DialResult, socket?: Socket): void => {
      const lag = { questionMs, answeredAt: sharedClockMs() };
      const message: ToLoadProcess = { type: "dialed", id: question.id, lag, ...result };
      if (!child.connected) return void socket?.destroy();
      if (socket) onTheWay.add(socket);
      child.send(message, socket, {}, (error) => {
        if (!socket) return;
        onTheWay.delete(socket);
        if (error) socket.destroy();
      });
    };
    void connected(dial, question.target, timeoutMs).then(
      ({ socket, peer }) => {
        // While handles queue for the load process the socket is still ours; its errors show there as a missing socket.
        socket.on("error", () => undefined);
        if (socket.destroyed || socket.readableEnded) {
          socket.destroy();
          const code = errnoOf(socket.errored ?? "closed");
          answer({ peer, code, closed: socket.errored ? "error" : "end" });
        } else {
          stopReading(socket);
          answer({ peer }, socket);
        }
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

/**
 * Until the load process acknowledges a socket, both processes have it. net.Socket reads from the moment it is connected,
 * and pause() does not stop that, so this process would now and then take the answer away from the other.
 */
function stopReading(socket: Socket): void {
  const handle = (socket as Socket & { _handle?: { reading: boolean; readStop(): number } | null })._handle;
  if (!handle) return;
  handle.readStop();
  handle.reading = false;
}
