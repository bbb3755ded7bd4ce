import type { Socket } from "node:net";
import type { AnswerHead } from "../http/answer-head.ts";
import { HeadCache } from "../http/head-cache.ts";
import { RequestWriter } from "../http/request-writer.ts";
import { Tally } from "../measure/tally.ts";
import type { LoadPlan } from "../plan/plan.ts";
import { requestKinds } from "../plan/request-kinds.ts";
import { type Cursor, schedule, type Schedule } from "../plan/schedule.ts";
import type { Connection, ConnectionOwner } from "../transport/connection.ts";
import { connectFailure } from "../transport/failure-class.ts";
import type { Ending, Flight } from "../transport/flight.ts";
import { Lane } from "../transport/lane.ts";
import type { AddressBook } from "../transport/address-book.ts";
import { Opener } from "../transport/opener.ts";
import type { ConnectionPool } from "./connection-pool.ts";
import { Judge } from "./judge.ts";
import { outcomeOf } from "./outcome-of.ts";
import { poolsOf } from "./pools-of.ts";
import { isWornOut, takeIdle } from "./take-idle.ts";

/** Asks for a socket to a dialed target, or for the address of its next connection. */
export type AskForSocket = (target: string, done: (answer: DialAnswer) => void) => void;

/** The dialer's answer: a socket, an address, or the errno of a dial that failed. `lagMs`: how long question and answer lay unread. */
export type DialAnswer = { readonly peer?: string | undefined; readonly lagMs: number } & (
  | { readonly socket: Socket }
  | {
      readonly socket?: undefined;
      readonly address: { readonly host: string; readonly port: number };
      /** To be called when nobody there answers. */
      readonly unanswered: () => void;
    }
  | { readonly socket?: undefined; readonly code: string }
);

/** What a generator takes from the world. Times are milliseconds of `performance.now()`. */
export interface GeneratorOptions {
  readonly worker: number;
  readonly now: () => number;
  /** Milliseconds since the epoch at which `now` was 0: records have times since the epoch. */
  readonly timeOrigin: number;
  readonly addresses: AddressBook;
  readonly ask: AskForSocket;
}

const openTickMs = 1;
/** A closed loop needs its turns for timeouts only. */
const closedTickMs = 10;
/** A precise generator does not sleep when the next request is nearer than this, because Node's timers may be so much late. */
const spinMs = 1.6;
const mostAtOnce = 64;
/** The longest time between two searches of all connections for requests that have taken too long. */
const mostSweepMs = 50;
/**
 * How long a spare connection rests before it is closed, and how long a connection that is done waits for the server to
 * close first, because the side that closes first keeps the port for a minute.
 */
const lingerMs = 1_000;
/**
 * From so many requests per second on, a load process opens its connections before the first request is due. Opening hundreds
 * of them while requests become due would make it late; opening one now and then does not.
 */
const aheadFromRate = 2_000;
/** How much longer than the connect timeout a dialer may take to say that it failed. */
const dialGraceMs = 1_000;
/** The most failures that all workers together keep with their details; a run with more needs no more of them as proof. */
const maxFailures = 100_000;

/** Sends the requests of one worker when they are due, each once, and counts what became of each. */
export class Generator implements ConnectionOwner {
  readonly connectTimeoutMs: number;
  readonly responseTimeoutMs: number;
  readonly keepBody: number;
  readonly now: () => number;
  readonly tally: Tally;
  readonly #plan: LoadPlan;
  readonly #options: GeneratorOptions;
  readonly #schedule: Schedule;
  readonly #cursor: Cursor;
  readonly #judge: Judge;
  readonly #opener: Opener;
  /** One lane for each combination. */
  readonly #lanes: readonly Lane[];
  /** One for each combination; those with the same client and target share a pool. Undefined: a connection for each request. */
  readonly #pools: readonly (ConnectionPool | undefined)[];
  readonly #open: Connection[] = [];
  readonly #dialing = new Map<Flight, number>();
  /** Whom to tell when nobody answers at the address that was chosen for a connection. */
  readonly #unanswered = new WeakMap<Connection, () => void>();
  readonly #maxInFlight: number;
  readonly #sweepMs: number;
  readonly #tickMs: number;
  readonly #isClosed: boolean;
  readonly #isPrecise: boolean;
  readonly #finished = Promise.withResolvers<void>();
  #startMs = 0;
  #stopMs = Number.POSITIVE_INFINITY;
  #lastTurnMs = 0;
  #lastSweepMs = 0;
  #sendsSoon = false;
  #hasBegun = false;

  constructor(plan: LoadPlan, options: GeneratorOptions) {
    this.#plan = plan;
    this.#options = options;
    this.now = options.now;
    this.connectTimeoutMs = plan.connectTimeoutMs;
    this.responseTimeoutMs = plan.responseTimeoutMs;
    this.tally = new Tally(plan, Math.ceil(maxFailures / plan.workers));
    this.#schedule = schedule(plan);
    this.#cursor = this.#schedule.cursor(options.worker, plan.workers);
    this.#judge = new Judge(plan, this.#schedule.token);
    this.keepBody = this.#judge.keepBody;
    const { sourceAddresses, dns } = plan;
    const from = { sourceAddresses, family: dns.family };
    this.#opener = new Opener(this, new HeadCache(), options.addresses, from);
    const kinds = requestKinds(plan.requests);
    this.#lanes = this.#schedule.combinations.map(
      (slot) => new Lane(slot, new RequestWriter(slot, this.#schedule), plan, kinds.get(slot.request)),
    );
    this.#pools = poolsOf(plan, this.#lanes);
    this.#isClosed = plan.pace.kind === "closed";
    this.#isPrecise = plan.precise;
    this.#maxInFlight = Math.ceil(plan.maxInFlight / plan.workers);
    this.#tickMs = this.#isClosed ? closedTickMs : openTickMs;
    this.#sweepMs = Math.min(mostSweepMs, plan.connectTimeoutMs / 20, plan.responseTimeoutMs / 20);
  }

  /** Fulfilled when the schedule has ended or was stopped, and the last request has ended. */
  get finished(): Promise<void> {
    return this.#finished.promise;
  }

  /** Begins; the first request of the run is due at `startMs`. */
  start(startMs: number): void {
    this.#startMs = startMs;
    this.#lastTurnMs = this.now();
    const { pace } = this.#plan;
    if (pace.kind === "closed") this.#stopMs = Math.min(this.#stopMs, startMs + pace.durationMs);
    else if ((this.#schedule.intendedRate ?? 0) / this.#plan.workers >= aheadFromRate) this.#openAhead();
    this.#arm();
  }

  /** Sends nothing that becomes due from now on. */
  stop(): void {
    this.#stopMs = Math.min(this.#stopMs, this.now());
  }

  /** What came in since the last call; see `Tally`. */
  takeDelta() {
    return this.tally.take(Math.max(0, this.now() - this.#startMs));
  }

  judge(flight: Flight, head: AnswerHead, body: Uint8Array, trailers?: ReadonlyMap<string, string>): Ending {
    return this.#judge.complete(head, body, flight.i, flight.lane, trailers);
  }

  partial(head: AnswerHead | undefined): Ending | undefined {
    return head === undefined ? undefined : this.#judge.ofHead(head);
  }

  received(bytes: number): void {
    this.tally.bytesReceived += bytes;
  }

  sent(bytes: number): void {
    this.tally.bytesSent += bytes;
  }

  ended(connection: Connection, flight: Flight, ending: Ending): void {
    const now = this.now();
    if (ending.class === "ok") {
      const { intendedMs, startedMs, lane } = flight;
      this.tally.succeeded(
        lane.target,
        ending,
        now - intendedMs,
        now - startedMs,
        intendedMs - this.#startMs,
        connection.uses > 1,
        lane.kind,
      );
    } else {
      if (ending.class === "connect-timeout" || ending.class === "unreachable")
        this.#unanswered.get(connection)?.();
      this.#failed(flight, ending, connection, now);
    }
    this.#release(connection, flight, now);
    if (this.#isClosed) this.#sendNext(now);
    else this.#sendSoon(now);
  }

  opened(): void {
    this.tally.opened += 1;
  }

  freed(connection: Connection): void {
    const pool = this.#poolOf(connection);
    if (pool !== undefined && connection.hasRoom) pool.giveBack(connection);
  }

  closed(connection: Connection): void {
    const last = this.#open.pop() as Connection;
    if (last !== connection) {
      this.#open[connection.place] = last;
      last.place = connection.place;
    }
    this.#poolOf(connection)?.drop(connection);
  }

  #poolOf({ laneIndex }: Connection): ConnectionPool | undefined {
    return this.#pools[laneIndex];
  }

  /** Gives a connection that has done a request back to its pool, or lets it rest until the server closes it. */
  #release(connection: Connection, { lane }: Flight, now: number): void {
    const pool = this.#pools[lane.index];
    if (pool !== undefined && connection.hasRoom && !isWornOut(connection, lane, now)) {
      if (pool.giveBack(connection) === "spare") connection.restsUntilMs = now + lingerMs;
      return;
    }
    pool?.drop(connection);
    connection.retire();
    connection.restsUntilMs = now + lingerMs;
  }

  /**
   * The timer only leads to the check phase. The event loop polls between the timer and the check phase, so that a close or an
   * answer that is already here is seen before a request is sent on that connection and before a timeout is declared.
   */
  #arm(): void {
    const isNear = this.#untilDue(this.now()) <= (this.#isPrecise ? spinMs : 0);
    if (isNear) setImmediate(() => this.#turn());
    else setTimeout(() => setImmediate(() => this.#turn()), this.#tickMs);
  }

  #untilDue(now: number): number {
    const nothing = this.#isClosed || this.#isOver(now);
    return nothing ? Number.POSITIVE_INFINITY : this.#dueMs() - now;
  }

  #turn(): void {
    const now = this.now();
    if (!this.#hasBegun && now >= this.#startMs) this.#begin(now);
    this.tally.loopLagMaxMs = Math.max(this.tally.loopLagMaxMs, now - this.#lastTurnMs - this.#tickMs);
    this.#lastTurnMs = now;
    this.#sendDue();
    if (now - this.#lastSweepMs >= this.#sweepMs) this.#sweep(now);
    if (!this.#isOver(now) || this.tally.inFlight > 0) return this.#arm();
    for (const connection of this.#open) connection.close();
    this.#finished.resolve();
  }

  /** In a closed loop the first request of each client has nothing to wait for. */
  #begin(now: number): void {
    this.#hasBegun = true;
    const { pace, workers } = this.#plan;
    if (pace.kind === "open") return;
    for (let client = this.#options.worker; client < pace.concurrency; client += workers) this.#sendNext(now);
  }

  #isOver(now: number): boolean {
    if (this.#cursor.dueMs === Number.POSITIVE_INFINITY) return true;
    return this.#isClosed ? now >= this.#stopMs : this.#dueMs() > this.#stopMs;
  }

  #dueMs(): number {
    return this.#startMs + this.#cursor.dueMs;
  }

  /** Sends one burst at most: then answers that came meanwhile free connections. Else new ones would open by the thousand. */
  #sendDue(): void {
    if (this.#isClosed) return;
    for (let sent = 0; sent < mostAtOnce; sent++) {
      const intendedMs = this.#dueMs();
      const startedMs = this.now();
      if (intendedMs > startedMs || intendedMs > this.#stopMs) return;
      this.#start(intendedMs, startedMs);
    }
  }

  /**
   * An answer wakes the event loop, and the timer may still be far. The requests that have become due meanwhile are sent in the
   * check phase, for the reason given at `#arm`.
   */
  #sendSoon(now: number): void {
    if (this.#sendsSoon || this.#dueMs() > now) return;
    this.#sendsSoon = true;
    setImmediate(() => {
      this.#sendsSoon = false;
      this.#sendDue();
    });
  }

  /** In a closed loop: the next request of a client whose last one has ended. */
  #sendNext(now: number): void {
    if (this.#isClosed && !this.#isOver(now)) this.#start(now, now);
  }

  #start(intendedMs: number, startedMs: number): void {
    const { i } = this.#cursor;
    this.#cursor.next();
    const flight: Flight = {
      lane: this.#lanes[this.#schedule.slot(i).index] as Lane,
      i,
      intendedMs,
      startedMs,
    };
    this.tally.started(startedMs - intendedMs, startedMs - this.#startMs);
    if (this.tally.inFlight > this.#maxInFlight)
      return this.tally.notSent(`${this.#plan.maxInFlight} requests were under way already`);
    const pool = this.#pools[flight.lane.index];
    const idle = takeIdle(pool, flight.lane, startedMs);
    if (idle === undefined) return this.#connect(flight, pool);
    idle.restsUntilMs = Number.POSITIVE_INFINITY;
    idle.send(flight);
    // A connection that carries many requests at a time goes back to the pool at once.
    if (idle.hasRoom) pool?.giveBack(idle);
  }

  #connect(flight: Flight, pool: ConnectionPool | undefined): void {
    if (flight.lane.slot.target.via.kind === "dialed") return this.#dial(flight, pool);
    const connection = this.#adopt(this.#opener.open(flight.lane.slot.target), flight.lane, pool);
    this.#sendFirst(flight, connection, pool);
  }

  #sendFirst(flight: Flight, connection: Connection, pool: ConnectionPool | undefined): void {
    connection.send(flight);
    // A connection that carries many requests at a time has room at once.
    if (connection.hasRoom) pool?.giveBack(connection);
  }

  /** A connection that cannot be opened ahead is no failure yet: the request that needs one opens its own, and that failure counts. */
  #openAhead(): void {
    const restsUntilMs = this.now() + this.connectTimeoutMs;
    for (const [at, pool] of this.#pools.entries()) {
      const lane = this.#lanes[at] as Lane;
      const { target } = lane.slot;
      if (pool === undefined || target.via.kind === "dialed" || this.#pools.indexOf(pool) < at) continue;
      for (let left = pool.size; left > 0; left--) {
        this.#adopt(this.#opener.open(target), lane, pool).restsUntilMs = restsUntilMs;
      }
    }
  }

  #adopt(connection: Connection, lane: Lane, pool: ConnectionPool | undefined): Connection {
    connection.place = this.#open.length;
    connection.laneIndex = lane.index;
    this.#open.push(connection);
    pool?.add(connection);
    return connection;
  }

  #dial(flight: Flight, pool: ConnectionPool | undefined): void {
    const { target } = flight.lane.slot;
    this.#dialing.set(flight, this.now() + this.connectTimeoutMs + dialGraceMs);
    pool?.hold(flight);
    this.#options.ask(target.name, (answer) => {
      this.tally.dialLagMaxMs = Math.max(this.tally.dialLagMaxMs, answer.lagMs);
      if (!this.#dialing.delete(flight)) return void answer.socket?.destroy();
      pool?.letGo(flight);
      if (answer.socket) {
        const connection = this.#adopt(
          this.#opener.adopt(target, answer.socket, answer.peer),
          flight.lane,
          pool,
        );
        return afterNextPoll(() => connection.send(flight));
      }
      if ("address" in answer) {
        const opened = this.#opener.openAt(target, answer.address, answer.peer);
        this.#unanswered.set(opened, answer.unanswered);
        return this.#sendFirst(flight, this.#adopt(opened, flight.lane, pool), pool);
      }
      const { code, peer } = answer;
      this.#failed(flight, { class: connectFailure(code), detail: code }, peer, this.now());
      this.#sendNext(this.now());
    });
  }

  #sweep(now: number): void {
    this.#lastSweepMs = now;
    for (let at = this.#open.length - 1; at >= 0; at--) {
      const connection = this.#open[at];
      if (connection === undefined) continue;
      if (connection.isBusy) connection.expire(now);
      else if (now >= connection.restsUntilMs) connection.close();
    }
    for (const [flight, deadlineMs] of this.#dialing) {
      // The dialer was given the timeout and did not keep it, which is its own fault and not the target's.
      if (deadlineMs > now) return;
      this.#dialing.delete(flight);
      this.#pools[flight.lane.index]?.letGo(flight);
      this.tally.notSent("the dialer did not answer");
      this.#sendNext(now);
    }
  }

  /** `carrier` is the connection, or the peer that the dialer named and could not reach. */
  #failed(flight: Flight, ending: Ending, carrier: Connection | string | undefined, now: number): void {
    const { class: failureClass, detail } = ending;
    if (failureClass === undefined || failureClass === "ok")
      return this.tally.notSent(detail ?? "no reason known");
    const of =
      typeof carrier === "object" ? carrier.carrier : { reused: false, previous: undefined, peer: carrier };
    this.tally.failed(
      outcomeOf(flight, { ...ending, class: failureClass }, of, now, this.#options.timeOrigin),
    );
  }
}

/** Calls back after the event loop's next poll, which alone tells whether a socket that was handed over is closed already. */
function afterNextPoll(callback: () => void): void {
  setImmediate(() => setImmediate(callback));
}
