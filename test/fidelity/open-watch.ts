import assert from "node:assert/strict";
import type { Transport } from "@seaworthy/client";
import type { Json } from "./asker.ts";

/** An event of a watch. */
export interface Event {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  readonly object: Json;
}

/** A watch that is read event by event. */
export interface WatchReader extends AsyncDisposable {
  /** The next event, for which it waits at most a minute; undefined when the server has ended the watch. */
  next(): Promise<Event | undefined>;
  /** Reads on until an event is the one that was waited for; gives all events, that one last. */
  until(isLast: (event: Event) => boolean): Promise<Event[]>;
}

/** Opens a watch. A refusal before its first event fails. */
export async function openWatch(
  transport: Transport,
  path: string,
  query: Readonly<Record<string, string>>,
): Promise<WatchReader> {
  const end = new AbortController();
  const response = await transport({
    method: "GET",
    path,
    query: new URLSearchParams({ watch: "true", ...query }),
    headers: { accept: "application/json" },
    signal: end.signal,
  });
  assert.equal(response.status, 200, typeof response.body === "string" ? response.body : undefined);
  const lines = readLines(response.body)[Symbol.asyncIterator]();

  async function next(): Promise<Event | undefined> {
    const late = setTimeout(() => end.abort(new Error("no event within a minute")), patienceMs);
    try {
      const { value, done } = await lines.next();
      return done === true ? undefined : (JSON.parse(value) as Event);
    } finally {
      clearTimeout(late);
    }
  }

  return {
    next,
    async until(isLast) {
      const events: Event[] = [];
      for (;;) {
        const event = await next();
        assert.ok(event !== undefined, "the watch ended before the event that was waited for");
        events.push(event);
        if (isLast(event)) return events;
      }
    },
    async [Symbol.asyncDispose]() {
      end.abort();
      await lines.return?.(undefined).catch(() => {});
    },
  };
}

const patienceMs = 60_000;

async function* readLines(body: string | AsyncIterable<string>): AsyncGenerator<string, void, unknown> {
  let rest = "";
  for await (const chunk of typeof body === "string" ? [body] : body) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") yield line;
  }
}
