import { connect, type Socket } from "node:net";
import { Connection, type ConnectionOwner } from "./connection.ts";
import { ConnectionPool } from "./connection-pool.ts";
import { DeadlineQueue } from "./deadline-queue.ts";
import { epochMs } from "./epoch-ms.ts";
import { connectFailure } from "./failure-class.ts";
import { type Carrier, type Ending, type Flight, outcomeOf } from "./flight.ts";
import type { LoadReport } from "./load-run.ts";
import type { LoadPlan, Target } from "./plan.ts";
import { schedule, type Schedule } from "./schedule.ts";
import { Tally } from "./tally.ts";

/** Asks for a socket to a dialed target. */
export type AskForSocket = (target: string, done: (answer: DialAnswer) => void) => void;

/** The answer to that: a socket, or the errno of a dial that failed. `lagMs` is the time that question and answer lay around unread. */
export type DialAnswer = { readonly peer?: string | undefined; readonly lagMs: number } & (
  | { readonly socket: Socket }
  | { readonly socket?: undefined; readonly code: string }
);

/** Sockets open at the same time. A run that needs more is one that the generator cannot keep up with. */
const maxOpen = 16_384;
const tickMs = 1;
/**
 * How long a spare connection rests before it is closed, and how long a connection that is done waits for the server to
 * close first: who closes first keeps the port for a minute.
 */
const lingerMs = 1_000;
/** How much longer than the connect timeout a dialer may take to say that it failed. */
const dialGraceMs = 1_000;

/** Sends the requests of a plan when they are due, each once, and counts what became of each. Runs in a process of its own. */
export class Generator implements ConnectionOwner {
  readonly plan: LoadPlan;
  readonly tally: Tally;
  readonly #ask: AskForSocket;
  readonly #schedule: Schedule;
  readonly #pools = new Map<Target, ConnectionPool>();
  readonly #connecting: DeadlineQueue<Connection>;
  readonly #answering: DeadlineQueue<Connection>;
  readonly #lingering = new DeadlineQueue<Connection>(lingerMs);
  readonly #dialing: DeadlineQueue<Flight>;
  readonly #finished = Promise.withResolvers<LoadReport>();
  #startedAt = 0;
  #stopAt = Number.POSITIVE_INFINITY;
  #next = 0;
  #open = 0;
  #connects = 0;

  constructor(plan: LoadPlan, ask: AskForSocket) {
    this.plan = plan;
    this.#ask = ask;
    this.tally = new Tally(plan);
    this.#schedule = schedule(plan);
    this.#connecting = new DeadlineQueue(plan.connectTimeoutMs);
    this.#answering = new DeadlineQueue(plan.responseTimeoutMs);
    this.#dialing = new DeadlineQueue(plan.connectTimeoutMs + dialGraceMs);
    for (const target of plan.targets) this.#pools.set(target, new ConnectionPool(plan.keepAliveConnections));
  }

  /** Fulfilled when the schedule has ended or was stopped, and the last request has ended. */
  get finished(): Promise<LoadReport> {
    return this.#finished.promise;
  }

  /** Fixes the start of the schedule and begins. */
  start(): void {
    this.#startedAt = epochMs() + 10 * tickMs;
    this.#arm();
  }

  /** Nothing that becomes due from now on is sent. */
  stop(): void {
    this.#stopAt = Math.min(this.#stopAt, epochMs());
  }

  sent(connection: Connection): void {
    this.#connecting.delete(connection);
    this.#answering.add(connection, epochMs());
  }

  ended(connection: Connection, flight: Flight, ending: Ending, carrier: Carrier, reusable: boolean): void {
    this.#connecting.delete(connection);
    this.#answering.delete(connection);
    this.#record(flight, ending, carrier);
    const pool = this.#poolOf(flight);
    if (reusable && pool) {
      if (pool.giveBack(connection) === "spare") this.#lingering.add(connection, epochMs());
      return;
    }
    pool?.drop(connection);
    this.#lingering.add(connection, epochMs());
  }

  closed(connection: Connection): void {
    this.#open--;
    this.#lingering.delete(connection);
    this.#forget(connection);
  }

  /** Only the keep-alive client has a pool. */
  #poolOf({ slot }: Flight): ConnectionPool | undefined {
    return slot.client === "keep-alive" ? this.#pools.get(slot.target) : undefined;
  }

  #forget(connection: Connection): void {
    for (const pool of this.#pools.values()) pool.drop(connection);
  }

  /**
   * The timer only leads to the check phase: between the two the event loop polls, so that a close or an answer that is
   * already here is seen before a request is sent on that connection and before a timeout is declared.
   */
  #arm(): void {
    setTimeout(() => setImmediate(() => this.#turn()), tickMs);
  }

  #turn(): void {
    this.#sendDue();
    this.#expire(epochMs());
    const over = this.#next >= this.#schedule.total || this.#dueAt(this.#next) > this.#stopAt;
    if (!over || this.tally.inFlight > 0) return this.#arm();
    for (const pool of this.#pools.values()) pool.close();
    this.#finished.resolve(this.tally.report(this.#startedAt, epochMs()));
  }

  #dueAt(i: number): number {
    return this.#startedAt + this.#schedule.intendedOffsetMs(i);
  }

  #sendDue(): void {
    while (this.#next < this.#schedule.total) {
      const intendedAt = this.#dueAt(this.#next);
      const sentAt = epochMs();
      if (intendedAt > sentAt || intendedAt > this.#stopAt) return;
      const i = this.#next++;
      this.tally.started(intendedAt, sentAt);
      this.#start({ slot: this.#schedule.slot(i), token: this.#schedule.token(i), intendedAt, sentAt });
    }
  }

  #start(flight: Flight): void {
    const { target } = flight.slot;
    const idle = this.#poolOf(flight)?.take();
    if (idle) {
      this.#lingering.delete(idle);
      return idle.send(flight);
    }
    if (this.#open >= maxOpen) return this.tally.unsent(`${maxOpen} connections were open already`);
    this.#open++;
    if (target.via.kind === "dialed") return this.#dial(flight);
    const localAddress = this.plan.sourceAddresses[this.#connects++ % this.plan.sourceAddresses.length];
    const { host, port } = target.via;
    const socket = connect({
      host,
      port,
      noDelay: true,
      ...(localAddress === undefined ? {} : { localAddress }),
    });
    this.#adopt(flight, socket).send(flight);
  }

  #adopt(flight: Flight, socket: Socket, peer?: string): Connection {
    const connection = new Connection(socket, this, peer);
    this.#poolOf(flight)?.add(connection);
    if (socket.connecting) this.#connecting.add(connection, epochMs());
    return connection;
  }

  #dial(flight: Flight): void {
    this.#dialing.add(flight, epochMs());
    this.#poolOf(flight)?.hold(flight);
    this.#ask(flight.slot.target.name, (answer) => {
      this.tally.dialLag(answer.lagMs);
      if (!this.#dialing.delete(flight)) return void answer.socket?.destroy();
      this.#poolOf(flight)?.letGo(flight);
      if (answer.socket) {
        answer.socket.setNoDelay(true);
        const connection = this.#adopt(flight, answer.socket, answer.peer);
        return afterNextPoll(() => connection.send(flight));
      }
      this.#open--;
      const ending = { class: connectFailure(answer.code), detail: answer.code };
      this.#record(flight, ending, { reusedConnection: false, peer: answer.peer });
    });
  }

  #expire(now: number): void {
    this.#connecting.expire(now, (connection) => connection.expire());
    this.#answering.expire(now, (connection) => connection.expire());
    this.#lingering.expire(now, (connection) => {
      this.#forget(connection);
      connection.close();
    });
    this.#dialing.expire(now, (flight) => {
      this.#open--;
      this.#poolOf(flight)?.letGo(flight);
      // The dialer has the timeout and did not keep it: that is a fact about the dialer.
      this.#record(
        flight,
        { class: undefined, detail: "the dialer did not answer" },
        { reusedConnection: false },
      );
    });
  }

  #record(flight: Flight, ending: Ending, carrier: Carrier): void {
    const { class: outcomeClass } = ending;
    if (outcomeClass === undefined) return this.tally.unsent(ending.detail ?? "no reason known");
    this.tally.record(outcomeOf(flight, { ...ending, class: outcomeClass }, carrier, epochMs()));
  }
}

/** A socket that was handed over may be closed already; only the event loop's next look at it tells. */
function afterNextPoll(callback: () => void): void {
  setImmediate(() => setImmediate(callback));
}
