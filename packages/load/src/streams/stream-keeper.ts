import type { StreamEnd, StreamReport, UnendedStream } from "../measure/stream-end.ts";
import type { LoadPlan, StreamTemplate, Target } from "../plan/plan.ts";
import { streamTargets } from "../plan/stream-targets.ts";
import { errnoOf } from "../transport/failure-class.ts";
import { openStream } from "./open-stream.ts";
import { openStreamSocket, type StreamSocketOptions } from "./open-stream-socket.ts";
import type { OpenStream } from "./stream.ts";

/** What a keeper takes from the world. */
export interface StreamKeeperOptions extends StreamSocketOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** After a try that failed, and after a stream that lived no longer: a client comes back at once, and does not hammer. */
const pauseMs = 100;
const silentMs = 10_000;
/** The most ends that are noted one by one, and the most of other streams. */
const mostNoted = 10_000;

/** Somebody who wants one stream at a time. */
interface Client {
  readonly count: Count;
  /** Since when it has none. */
  withoutSince: number;
  /** How its last one ended. */
  last: Omit<StreamEnd, "withoutMs"> | undefined;
  /** The first try since then that opened none. */
  refused: Pick<UnendedStream, "detail" | "openedAt"> | undefined;
}

/** What is known of a stream while it is open. */
type Opened = Pick<StreamEnd, "kind" | "target" | "path" | "openedAt" | "headers" | "peer">;

type Count = { -readonly [K in keyof StreamReport]: StreamReport[K] };

/** Holds the streams of a plan open, and opens each again when it has ended, until it is disposed of. */
export class StreamKeeper implements Disposable {
  readonly ends: StreamEnd[] = [];
  /** Known as a whole when this is disposed of. */
  readonly unended: UnendedStream[] = [];
  readonly #plan: LoadPlan;
  readonly #options: StreamKeeperOptions;
  readonly #counts: Count[] = [];
  readonly #open = new Map<OpenStream, Opened>();
  /** Those that have no stream at the moment. */
  readonly #without = new Set<Client>();
  #isOver = false;

  constructor(plan: LoadPlan, options: StreamKeeperOptions) {
    this.#plan = plan;
    this.#options = options;
  }

  get reports(): readonly StreamReport[] {
    return this.#counts;
  }

  start(): void {
    for (const template of this.#plan.streams) {
      for (const target of streamTargets(template, this.#plan)) {
        const count = countOf(template, target);
        this.#counts.push(count);
        for (let left = template.connections; left > 0; left--) void this.#keep(template, target, count);
      }
    }
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    const endedAt = this.#options.now();
    for (const client of this.#without) this.#isBack(client, endedAt);
    for (const [stream, opened] of this.#open) {
      note(this.unended, { ...opened, end: "kept", detail: "open to the end", endedAt, withoutMs: 0 });
      stream.close();
    }
  }

  /** One client: it has a stream, or is about to open one. */
  async #keep(template: StreamTemplate, target: Target, count: Count): Promise<void> {
    const { now } = this.#options;
    const client: Client = { count, withoutSince: now(), last: undefined, refused: undefined };
    this.#without.add(client);
    while (!this.#isOver) {
      const opened = await this.#openOne(template, target).catch((error: unknown) => {
        count.refused += 1;
        count.refusal = error instanceof Error && !("code" in error) ? error.message : errnoOf(error);
        client.refused ??= { openedAt: now(), detail: count.refusal };
      });
      if (opened === undefined) await pause();
      else if (this.#isOver) opened.stream.close();
      else await this.#hold(client, opened.stream, opened.of);
    }
  }

  async #hold(client: Client, stream: OpenStream, opened: Opened): Promise<void> {
    client.count.opened += 1;
    this.#isBack(client, opened.openedAt);
    this.#open.set(stream, opened);
    const ended = await stream.ended;
    this.#open.delete(stream);
    if (this.#isOver) return;
    const endedAt = this.#options.now();
    client.count[ended.end] += 1;
    client.withoutSince = endedAt;
    client.last = { ...opened, ...ended, endedAt };
    this.#without.add(client);
    if (endedAt - opened.openedAt < pauseMs) await pause();
  }

  /** The client has a stream again; or `at` is the end of the run, and it has none. */
  #isBack(client: Client, at: number): void {
    const { count, last, refused, withoutSince } = client;
    this.#without.delete(client);
    client.last = undefined;
    client.refused = undefined;
    count.longestWithoutMs = Math.max(count.longestWithoutMs, at - withoutSince);
    const withoutMs = this.#isOver ? undefined : at - withoutSince;
    if (last !== undefined) note(this.ends, { ...last, withoutMs });
    if (refused === undefined) return;
    const { kind, target, path } = count;
    const endedAt = refused.openedAt;
    note(this.unended, { kind, target, path, end: "refused", ...refused, endedAt, withoutMs });
  }

  async #openOne(
    template: StreamTemplate,
    target: Target,
  ): Promise<{ readonly stream: OpenStream; readonly of: Opened }> {
    const { connectTimeoutMs, responseTimeoutMs, recordHeaders } = this.#plan;
    const { socket, peer } = await openStreamSocket(target, this.#options, connectTimeoutMs);
    const times = { openMs: responseTimeoutMs, silentMs };
    const stream = await openStream(socket, template, target.hostHeader, times);
    const headers = recorded(stream.headers, recordHeaders);
    const of: Opened = {
      kind: template.kind,
      target: target.name,
      path: template.path,
      openedAt: this.#options.now(),
      ...(headers === undefined ? {} : { headers }),
      ...(peer === undefined ? {} : { peer }),
    };
    return { stream, of };
  }
}

function note<T>(all: T[], one: T): void {
  if (all.length < mostNoted) all.push(one);
}

function pause(): Promise<void> {
  return new Promise((done) => setTimeout(done, pauseMs));
}

function countOf({ kind, path, connections }: StreamTemplate, target: Target): Count {
  return {
    kind,
    target: target.name,
    path,
    connections,
    opened: 0,
    announced: 0,
    broken: 0,
    refused: 0,
    refusal: undefined,
    longestWithoutMs: 0,
  };
}

function recorded(
  headers: OpenStream["headers"],
  names: readonly string[],
): Record<string, string> | undefined {
  const found = names.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]]));
  return found.length === 0 ? undefined : Object.fromEntries(found);
}
