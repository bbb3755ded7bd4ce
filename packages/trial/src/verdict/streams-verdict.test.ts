import assert from "node:assert/strict";
import { test } from "node:test";
import type { StreamEnd, StreamReport } from "@seaworthy/load";
import { exampleContext as context } from "../testing/example-context.ts";
import { lostStreams, streamsSentence, streamsVerdict } from "./streams-verdict.ts";

const held: StreamReport = {
  kind: "sse",
  target: "service",
  path: "/events",
  connections: 4,
  opened: 7,
  announced: 1,
  broken: 2,
  refused: 1,
  refusal: "ECONNREFUSED",
  longestWithoutMs: 250.4,
};

const cut: StreamEnd = {
  kind: "sse",
  target: "service",
  path: "/events",
  end: "broken",
  detail: "ECONNRESET",
  openedAt: 600,
  endedAt: 1_150,
  withoutMs: 250.4,
  peer: "10.0.0.1:8080",
};

const streamEnds = [cut, { ...cut, end: "announced" }, { ...cut, withoutMs: undefined }] as const;

test("a broken stream is joined to the pod that it led to, and to the cause", () => {
  const verdict = streamsVerdict({ streams: [held], streamEnds }, context, []);
  assert.deepEqual(
    [verdict?.held, verdict?.announced, verdict?.broken, verdict?.unavoidable, verdict?.longestWithoutMs],
    [4, 1, 2, 0, 250],
  );
  assert.deepEqual(
    verdict?.breaks.map(({ pod, sinceDeletionMs, cause, withoutMs }) => [
      pod,
      sinceDeletionMs,
      cause,
      withoutMs,
    ]),
    [
      ["old", 150, "connection-cut-on-exit", 250],
      ["old", 150, "connection-cut-on-exit", null],
    ],
  );
  assert.equal(lostStreams(verdict), 2);
  assert.equal(streamsSentence(verdict), "4 streams: 1 ended with an announcement, 2 broken");
});

test("what went with a pod that the trial killed counts against nobody", () => {
  const harms = new Map([["old", { cause: "pod-killed", from: 1_000 }]] as const);
  const verdict = streamsVerdict({ streams: [held], streamEnds }, { ...context, harms }, []);
  assert.deepEqual([verdict?.unavoidable, lostStreams(verdict)], [2, 0]);
  assert.equal(
    streamsSentence(verdict!),
    "4 streams: 1 ended with an announcement, 0 broken, and 2 with killed pods",
  );
});

test("where no stream was held there is nothing to tell", () => {
  assert.equal(streamsVerdict({}, context, []), undefined);
  assert.equal(lostStreams(undefined), 0);
});
