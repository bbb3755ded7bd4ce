import type { StreamEnd, StreamReport } from "../measure/stream-end.ts";
import type { LoadPlan, StreamTemplate, Target } from "../plan/plan.ts";
import { streamTargets } from "../plan/stream-targets.ts";
import { errnoOf } from "../transport/failure-class.ts";
import { openStream, type OpenStream } from "./open-stream.ts";
import { openStreamSocket, type StreamSocketOptions } from "./open-stream-socket.ts";

/** What a keeper takes from the world. */
export interface StreamKeeperOptions extends StreamSocketOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** After a try that failed, and after a stream that lived no longer: a client comes back at once, and does not hammer. */
const pauseMs = 100;
const silentMs = 10_000;
/** The most ends that are kept one by one. */
const mostEnds = 10_000;

/** Somebody who wants one stream at a time. */
interface Client {
  readonly count: Count;
  /** Since when it has none. */
  withoutSince: number;
  /** How its last one ended. */
  last: Omit<StreamEnd, "withoutMs"> | undefined;
}

interface Opened {
  readonly stream: OpenStream;
  readonly peer: string | undefined;
}

type Count = { -readonly [K in keyof StreamReport]: StreamReport[K] };

/** Holds the streams of a plan open, and opens each again when it has ended, until it is disposed of. */
export class StreamKeeper implements Disposable {
  readonly ends: StreamEnd[] = [];
  readonly #plan: LoadPlan;
  readonly #options: StreamKeeperOptions;
  readonly #counts: Count[] = [];
  readonly #open = new Set<OpenStream>();
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
    for (const client of this.#without) this.#isBack(client, this.#options.now());
    for (const stream of this.#open) stream.close();
  }

  /** One client: it has a stream, or is about to open one. */
  async #keep(template: StreamTemplate, target: Target, count: Count): Promise<void> {
    const { now } = this.#options;
    const client: Client = { count, withoutSince: now(), last: undefined };
    this.#without.add(client);
    while (!this.#isOver) {
      const opened = await this.#openOne(template, target).catch((error: unknown) => {
        count.refused += 1;
        count.refusal = error instanceof Error && !("code" in error) ? error.message : errnoOf(error);
      });
      if (opened === undefined) await pause();
      else if (this.#isOver) opened.stream.close();
      else await this.#hold(client, template, target, opened);
    }
  }

  async #hold(
    client: Client,
    { kind, path }: StreamTemplate,
    target: Target,
    { stream, peer }: Opened,
  ): Promise<void> {
    const { now } = this.#options;
    const openedAt = now();
    client.count.opened += 1;
    this.#isBack(client, openedAt);
    this.#open.add(stream);
    const ended = await stream.ended;
    this.#open.delete(stream);
    if (this.#isOver) return;
    const endedAt = now();
    client.count[ended.end] += 1;
    client.withoutSince = endedAt;
    const headers = recorded(stream.headers, this.#plan.recordHeaders);
    client.last = {
      kind,
      target: target.name,
      path,
      ...ended,
      openedAt,
      endedAt,
      ...(headers === undefined ? {} : { headers }),
      ...(peer === undefined ? {} : { peer }),
    };
    this.#without.add(client);
    if (endedAt - openedAt < pauseMs) await pause();
  }

  /** The client has a stream again; or `at` is the end of the run, and it has none. */
  #isBack(client: Client, at: number): void {
    const { count, last, withoutSince } = client;
    this.#without.delete(client);
    client.last = undefined;
    count.longestWithoutMs = Math.max(count.longestWithoutMs, at - withoutSince);
    if (last !== undefined) this.#note({ ...last, withoutMs: this.#isOver ? undefined : at - withoutSince });
  }

  #note(end: StreamEnd): void {
    if (this.ends.length < mostEnds) this.ends.push(end);
  }

  async #openOne(template: StreamTemplate, target: Target): Promise<Opened> {
    const { connectTimeoutMs, responseTimeoutMs } = this.#plan;
    const { socket, peer } = await openStreamSocket(target, this.#options, connectTimeoutMs);
    const times = { openMs: responseTimeoutMs, silentMs };
    return { stream: await openStream(socket, template, target.hostHeader, times), peer };
  }
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
