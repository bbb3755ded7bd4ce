import assert from "node:assert/strict";
import { test } from "node:test";
import type { StreamsVerdict } from "@seaworthy/trial";
import { exampleRun } from "../testing/example-run.ts";
import { reportPage } from "./report-page.ts";

const streams: StreamsVerdict = {
  held: 24,
  announced: 18,
  broken: 6,
  unavoidable: 0,
  longestWithoutMs: 1_200,
  kinds: [
    {
      kind: "websocket",
      target: "service",
      path: "/ws?<b>",
      connections: 24,
      opened: 48,
      announced: 18,
      broken: 6,
      refused: 0,
      longestWithoutMs: 1_200,
    },
  ],
  breaks: [
    {
      at: "2026-01-02T03:04:05.678Z",
      scenario: "rollout",
      kind: "websocket",
      target: "service",
      path: "/ws?<b>",
      detail: "close 1006",
      withoutMs: null,
      pod: "shop-1",
      sinceDeletionMs: 2_500,
      cause: "connection-cut-on-exit",
    },
  ],
};

test("the page tells streams apart from requests, with what to do where one was broken", () => {
  const page = reportPage({ ...exampleRun, streams });
  assert.match(
    page,
    /<h2>Streams<\/h2><p>24 streams: 18 ended with an announcement, 6 broken\. At SIGTERM end/,
  );
  assert.match(page, /requests lost.*; 24 streams: 18/);
  assert.match(page, /websocket service \/ws\?&lt;b&gt;/);
  assert.match(page, /close 1006/);
});

test("where all ends were announced there is nothing to advise, and where no stream was held no section", () => {
  const good = { ...streams, broken: 0, breaks: [] };
  assert.match(reportPage({ ...exampleRun, streams: good }), /announcement, 0 broken\.<\/p>/);
  assert.doesNotMatch(reportPage(exampleRun), /<h2>Streams/);
});
