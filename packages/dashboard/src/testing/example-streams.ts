import type { HeldStream, StreamBreak, StreamsVerdict } from "@seaworthy/trial";
import type { SavedRun } from "../report/saved-run.ts";
import { exampleRun } from "./example-run.ts";

const { startedAt, endedAt } = exampleRun.load;
const webSocket = { kind: "websocket", target: "service", path: "/ws?<b>" } as const;
const events = { kind: "sse", target: "ingress", path: "/events" } as const;

/** Streams from 100 ms on, of which `each` makes what became of one. */
const many = (count: number, each: (index: number) => HeldStream) =>
  Array.from({ length: count }, (_, index) => each(index));

/** Four WebSockets of the first pod are cut 300 ms after its deletion and are held by the second one, four streams of events end twice. */
const heldStreams: readonly HeldStream[] = [
  ...many(4, (index) => ({
    ...webSocket,
    end: "broken",
    detail: "close 1006",
    openedAt: startedAt + 100 + index,
    endedAt: startedAt + 4_300,
    withoutMs: 900,
    pod: "shop-1",
    cause: "connection-cut-on-exit",
  })),
  ...many(4, () => ({
    ...webSocket,
    end: "refused",
    detail: "ECONNREFUSED",
    openedAt: startedAt + 4_320,
    endedAt: startedAt + 4_320,
    withoutMs: 880,
    pod: null,
  })),
  ...many(4, (index) => ({
    ...webSocket,
    end: "kept",
    detail: "open to the end",
    openedAt: startedAt + 5_200 + index,
    endedAt,
    withoutMs: 0,
    pod: "shop-2",
  })),
  ...[0, 4_100, 9_050].flatMap((from, round, all) =>
    many(4, (index): HeldStream => {
      const until = all[round + 1];
      return {
        ...events,
        openedAt: startedAt + from + 100 + index,
        endedAt: until === undefined ? endedAt : startedAt + until + index,
        withoutMs: until === undefined ? 0 : 100,
        pod: round === 0 ? "shop-1" : null,
        ...(until === undefined
          ? { end: "kept", detail: "open to the end" }
          : { end: "announced", detail: "end of the answer" }),
      };
    }),
  ),
].toSorted((left, right) => left.endedAt - right.endedAt);

const breaks: readonly StreamBreak[] = heldStreams
  .filter(({ end }) => end === "broken")
  .map(({ endedAt: at, kind, target, path, detail, withoutMs, pod, cause = "unrelated" }) => ({
    kind,
    target,
    path,
    detail,
    withoutMs,
    at: new Date(at).toISOString(),
    scenario: "rollout",
    pod,
    sinceDeletionMs: at - startedAt - 4_000,
    cause,
  }));

const streams: StreamsVerdict = {
  held: 8,
  announced: 8,
  broken: 4,
  unavoidable: 0,
  longestWithoutMs: 900,
  kinds: [
    { ...events, connections: 4, opened: 12, announced: 8, broken: 0, refused: 0, longestWithoutMs: 100 },
    { ...webSocket, connections: 4, opened: 8, announced: 0, broken: 4, refused: 12, longestWithoutMs: 900 },
  ],
  breaks,
};

/** The example with streams that were held beside its requests. */
export const exampleStreamRun: SavedRun = { ...exampleRun, streams, heldStreams };
