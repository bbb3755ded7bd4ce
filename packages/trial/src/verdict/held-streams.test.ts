import assert from "node:assert/strict";
import { test } from "node:test";
import type { StreamEnd, UnendedStream } from "@seaworthy/load";
import { exampleContext as context } from "../testing/example-context.ts";
import { heldStreams } from "./held-streams.ts";

const stream = { kind: "sse", target: "service", path: "/events", openedAt: 600 } as const;
const peer = "10.0.0.1:8080";

test("each stream is told in the order of their ends, with the pod that it led to and the cause of its break", () => {
  const streamEnds: StreamEnd[] = [
    { ...stream, end: "broken", detail: "ECONNRESET", endedAt: 1_150.4, withoutMs: 250.4, peer },
    { ...stream, end: "announced", detail: "end of the answer", endedAt: 1_100, withoutMs: 5, peer },
  ];
  const unendedStreams: UnendedStream[] = [
    { ...stream, end: "kept", detail: "open to the end", endedAt: 9_000, withoutMs: 0 },
    {
      ...stream,
      end: "refused",
      detail: "status 503",
      openedAt: 1_160,
      endedAt: 1_160,
      withoutMs: undefined,
    },
  ];
  const pod = context.timeline.pods[0]!.name;
  assert.deepEqual(
    heldStreams([{ streamEnds, unendedStreams }], context).map((each) => [
      each.end,
      each.endedAt,
      each.withoutMs,
      each.pod,
      each.cause,
    ]),
    [
      ["announced", 1_100, 5, pod, undefined],
      ["broken", 1_150, 250, pod, "connection-cut-on-exit"],
      ["refused", 1_160, null, null, undefined],
      ["kept", 9_000, 0, null, undefined],
    ],
  );
});
