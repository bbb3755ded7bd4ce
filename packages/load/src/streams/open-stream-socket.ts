import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { AskForSocket } from "../generator/generator.ts";
import type { Target } from "../plan/plan.ts";
import type { AddressBook } from "../transport/address-book.ts";
import { errnoOf } from "../transport/failure-class.ts";
import { secureSettings } from "../transport/open-socket.ts";

/** Where sockets come from. */
export interface StreamSocketOptions {
  readonly addresses: AddressBook;
  readonly ask: AskForSocket;
}

/** A socket that is connected, with TLS where the target has it. */
export async function openStreamSocket(
  target: Target,
  { ask, addresses }: StreamSocketOptions,
  timeoutMs: number,
): Promise<{ readonly socket: Socket; readonly peer: string | undefined }> {
  const { via, tls, protocol = "http/1.1" } = target;
  if (via.kind === "unix")
    return { socket: await connected(connectTcp({ path: via.path }), "connect", timeoutMs), peer: undefined };
  if (via.kind === "tcp") {
    const address = { host: addresses.next(via), port: via.port, noDelay: true };
    const socket =
      tls === undefined
        ? await connected(connectTcp(address), "connect", timeoutMs)
        : await connected(
            connectTls({ ...address, ...secureSettings(tls, via.host, protocol) }),
            "secureConnect",
            timeoutMs,
          );
    return { socket, peer: undefined };
  }
  const { promise, resolve } = Promise.withResolvers<Parameters<Parameters<AskForSocket>[1]>[0]>();
  ask(target.name, resolve);
  const answer = await promise;
  if (answer.socket !== undefined) return { socket: answer.socket, peer: answer.peer };
  if ("code" in answer) throw Object.assign(new Error(answer.code), { code: answer.code });
  try {
    return { socket: await connected(connectTcp(answer.address), "connect", timeoutMs), peer: answer.peer };
  } catch (error) {
    if (errnoOf(error) !== "ECONNREFUSED") answer.unanswered();
    throw error;
  }
}

async function connected(
  socket: Socket,
  event: "connect" | "secureConnect",
  timeoutMs: number,
): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(
    () => socket.destroy(Object.assign(new Error("connect ETIMEDOUT"), { code: "ETIMEDOUT" })),
    timeoutMs,
  );
  socket.once(event, resolve);
  socket.on("error", reject);
  try {
    await promise;
    return socket;
  } finally {
    clearTimeout(timer);
  }
}
