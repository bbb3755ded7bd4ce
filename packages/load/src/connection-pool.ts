import type { Connection } from "./connection.ts";

/**
 * The connections of one keep-alive client to one target. It fills up to its size before it uses one again, and then takes
 * turns, so that every member lives through the run and none rests longer than the others. Connections beyond the size are
 * spare: used only when every member is busy, and closed when they have rested. Closing them at once would make a new
 * connection of every request for as long as a moment's overload lasts, and so make it last.
 */
export class ConnectionPool {
  readonly #size: number;
  readonly #members = new Set<Connection>();
  readonly #held = new Set<object>();
  readonly #idle = new Set<Connection>();
  readonly #spare = new Set<Connection>();

  constructor(size: number) {
    this.#size = size;
  }

  /** An idle connection, or undefined when a new one is to be opened and added. */
  take(): Connection | undefined {
    const filling = this.#hasPlace();
    const [connection] = filling || this.#idle.size === 0 ? this.#spare : this.#idle;
    if (!connection) return undefined;
    this.#idle.delete(connection);
    this.#spare.delete(connection);
    if (filling) this.#members.add(connection);
    return connection;
  }

  /**
   * Keeps a place for a connection that somebody else opens. One that is still being opened counts as a member, whoever opens
   * it: a client whose connects meet a black hole does not open one after the other.
   */
  hold(place: object): void {
    if (this.#hasPlace()) this.#held.add(place);
  }

  letGo(place: object): void {
    this.#held.delete(place);
  }

  add(connection: Connection): void {
    if (this.#hasPlace()) this.#members.add(connection);
  }

  /** Takes back a connection after its answer, and says which kind it is. */
  giveBack(connection: Connection): "member" | "spare" {
    const isMember = this.#members.has(connection);
    (isMember ? this.#idle : this.#spare).add(connection);
    return isMember ? "member" : "spare";
  }

  drop(connection: Connection): void {
    this.#members.delete(connection);
    this.#idle.delete(connection);
    this.#spare.delete(connection);
  }

  #hasPlace(): boolean {
    return this.#members.size + this.#held.size < this.#size;
  }

  /** Closes what is idle, at the end of the run. */
  close(): void {
    for (const connection of [...this.#idle, ...this.#spare]) connection.close();
  }
}
