import type { ChildProcess, Serializable } from "node:child_process";
import type { Socket } from "node:net";

/** The part of a socket that travels. It has no public name, but child_process passes this very object on. */
interface Handle {
  reading: boolean;
  readStop(): number;
  close(): void;
}

interface Parcel {
  readonly message: Serializable;
  readonly socket: Socket;
}

/**
 * Passes connected sockets to the load process, unread and one at a time: the next one goes when the last one was taken.
 * child_process has a queue of its own for this, but goes through the whole of it for each socket, and forgets the sockets in
 * it when the other process ends.
 */
export class HandOver {
  readonly #child: ChildProcess;
  readonly #waiting: Parcel[] = [];
  #passing: Handle | undefined;

  constructor(child: ChildProcess) {
    this.#child = child;
    child.once("exit", () => this.#end());
  }

  give(message: Serializable, socket: Socket): void {
    stopReading(socket);
    this.#waiting.push({ message, socket });
    if (!this.#passing) this.#next();
  }

  /** The load process has the socket that was on its way. */
  taken(): void {
    this.#passing = undefined;
    this.#next();
  }

  #next(): void {
    if (!this.#child.connected) return this.#end();
    const parcel = this.#waiting.shift();
    if (!parcel) return;
    const { message, socket } = parcel;
    const handle = handleOf(socket);
    this.#passing = handle;
    this.#child.send(message, socket, {}, (error) => error && handle?.close());
    // A socket that closed while it waited leaves a message without a socket, which the load process will not take.
    if (!handle) this.#next();
  }

  #end(): void {
    for (const { socket } of this.#waiting.splice(0)) socket.destroy();
    this.#passing?.close();
    this.#passing = undefined;
  }
}

/**
 * Until the load process has taken a socket, both processes have it. net.Socket reads from the moment it is connected, and
 * pause() does not stop that, so this process would now and then take the answer away from the other.
 */
function stopReading(socket: Socket): void {
  const handle = handleOf(socket);
  if (!handle) return;
  handle.readStop();
  handle.reading = false;
}

function handleOf(socket: Socket): Handle | undefined {
  return (socket as Socket & { _handle?: Handle | null })._handle ?? undefined;
}
