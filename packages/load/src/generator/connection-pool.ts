import type { Connection } from "../transport/connection.ts";

/** What the pool needs to know of a connection. */
export type Pooled = Pick<Connection, "hasRoom" | "isMember" | "isQueued">;

/**
 * The connections of one client to one target. The pool fills up to its size before it uses a connection again, and then takes
 * turns, so that every member lives through the run and none rests longer than the others. Connections beyond the size are
 * spare: they are used only when every member is busy, and closed when they have rested. Closing them at once would cost a new
 * connection for every request during a moment's overload, and so would prolong the overload.
 */
export class ConnectionPool<T extends Pooled = Connection> {
  readonly size: number;
  readonly #held = new Set<object>();
  readonly #idle = new Queue<T>();
  readonly #spare = new Queue<T>();
  #members = 0;
  #gone = 0;

  constructor(size: number) {
    this.size = size;
  }

  /** A connection with room, or undefined when a new one is to be opened and added. */
  take(): T | undefined {
    if (!this.#hasPlace()) return this.#next(this.#idle) ?? this.#next(this.#spare);
    const spare = this.#next(this.#spare);
    if (spare) this.#join(spare);
    return spare;
  }

  /**
   * Keeps a place for a connection that somebody else opens. A connection that is still being opened counts as a member, so
   * that a client whose connects are never answered does not open one after the other.
   */
  hold(place: object): void {
    if (this.#hasPlace()) this.#held.add(place);
  }

  letGo(place: object): void {
    this.#held.delete(place);
  }

  add(connection: T): void {
    if (this.#hasPlace()) this.#join(connection);
  }

  /** Takes a connection back that has room, and says which kind it is. */
  giveBack(connection: T): "member" | "spare" {
    const { isMember } = connection;
    if (!connection.isQueued) {
      connection.isQueued = true;
      (isMember ? this.#idle : this.#spare).add(connection);
    }
    return isMember ? "member" : "spare";
  }

  /** A connection that will have no room again. */
  drop(connection: T): void {
    if (connection.isMember) {
      connection.isMember = false;
      this.#members -= 1;
    }
    if (!connection.isQueued) return;
    connection.isQueued = false;
    this.#gone += 1;
    // take() passes over connections that ended while they rested, but their turn may never come: so they are removed here.
    if (this.#gone <= mostGone) return;
    this.#gone = 0;
    for (const queue of [this.#idle, this.#spare]) queue.keep((each) => each.hasRoom);
  }

  #join(connection: T): void {
    connection.isMember = true;
    this.#members += 1;
  }

  #next(queue: Queue<T>): T | undefined {
    for (;;) {
      const connection = queue.take();
      if (connection === undefined) return undefined;
      connection.isQueued = false;
      // The connection may have ended while it was in the queue.
      if (connection.hasRoom) return connection;
    }
  }

  #hasPlace(): boolean {
    return this.#members + this.#held.size < this.size;
  }
}

const mostGone = 256;

/** First in, first out, in a ring that grows; nothing is allocated once it is large enough. */
class Queue<T> {
  #ring: (T | undefined)[] = Array.from({ length: 16 });
  #first = 0;
  #length = 0;

  add(item: T): void {
    if (this.#length === this.#ring.length) this.#grow();
    this.#ring[(this.#first + this.#length++) % this.#ring.length] = item;
  }

  take(): T | undefined {
    if (this.#length === 0) return undefined;
    const item = this.#ring[this.#first];
    this.#ring[this.#first] = undefined;
    this.#first = (this.#first + 1) % this.#ring.length;
    this.#length -= 1;
    return item;
  }

  keep(isWanted: (item: T) => boolean): void {
    for (let left = this.#length; left > 0; left--) {
      const item = this.take();
      if (item !== undefined && isWanted(item)) this.add(item);
    }
  }

  #grow(): void {
    const { length } = this.#ring;
    this.#ring = Array.from({ length: 2 * length }, (_, i) =>
      i < length ? this.#ring[(this.#first + i) % length] : undefined,
    );
    this.#first = 0;
  }
}
