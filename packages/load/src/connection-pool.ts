import type { Connection } from "./connection.ts";

/**
 * The connections of one keep-alive client to one target. It fills up to its size before it uses one again, and then takes
 * turns, so that every connection lives through the run and none rests longer than the others.
 */
export class ConnectionPool {
  readonly #size: number;
  readonly #idle = new Set<Connection>();
  readonly #all = new Set<Connection>();

  constructor(size: number) {
    this.#size = size;
  }

  /** An idle connection, or undefined when a new one is to be opened and added. */
  take(): Connection | undefined {
    if (this.#all.size < this.#size) return undefined;
    const [connection] = this.#idle;
    if (connection) this.#idle.delete(connection);
    return connection;
  }

  add(connection: Connection): void {
    this.#all.add(connection);
  }

  /** Takes back a connection after its answer; false when the pool has more than it should and the connection is to be closed. */
  giveBack(connection: Connection): boolean {
    if (this.#all.size > this.#size) return false;
    this.#idle.add(connection);
    return true;
  }

  drop(connection: Connection): void {
    this.#idle.delete(connection);
    this.#all.delete(connection);
  }

  /** Closes what is idle, at the end of the run. */
  close(): void {
    for (const connection of this.#idle) connection.close();
  }
}
