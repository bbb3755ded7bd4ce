import assert from "node:assert/strict";
import { test } from "node:test";
import type { StreamReport } from "../measure/stream-end.ts";
import { brokenStreams, streamLine, streamRows } from "./stream-rows.ts";

const held: StreamReport = {
  kind: "sse",
  target: "service",
  path: "/events",
  connections: 24,
  opened: 48,
  announced: 18,
  broken: 6,
  refused: 2,
  refusal: "ECONNREFUSED",
  longestWithoutMs: 1_234.5,
};

test("one line tells how streams ended", () => {
  assert.equal(streamLine([]), undefined);
  assert.equal(streamLine([held]), "24 streams: 18 ended with an announcement, 6 broken");
  assert.equal(brokenStreams({ streams: [held] }), 6);
});

test("streams of which none was opened are as bad as broken ones", () => {
  const none = { ...held, opened: 0, announced: 0, broken: 0, refusal: "status 404" };
  assert.equal(
    streamLine([held, none]),
    "48 streams: 18 ended with an announcement, 6 broken; none could be opened at service /events (status 404)",
  );
  assert.equal(brokenStreams({ streams: [held, none] }), 30);
});

test("a row tells of one kind of stream at one target", () => {
  assert.deepEqual(streamRows([held]), [["sse service /events", "24", "48", "18", "6", "2", "1.2 s"]]);
});
