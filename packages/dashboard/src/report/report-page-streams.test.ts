import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleRun } from "../testing/example-run.ts";
import { exampleStreamRun } from "../testing/example-streams.ts";
import { reportPage } from "./report-page.ts";
import { streamMoments } from "./stream-moments.ts";

const page = reportPage(exampleStreamRun);
const { load, streams, heldStreams: _, ...older } = exampleStreamRun;

test("the page tells streams apart from requests, with what to do where one was broken", () => {
  assert.match(
    page,
    /<h2>Streams<\/h2><p>8 streams: 8 ended with an announcement, 4 broken\. At SIGTERM end/,
  );
  assert.match(page, /requests lost.*; 8 streams: 8/);
  assert.match(page, /<dt>streams broken<\/dt><dd>4<small>of 8 that were held; 8 ended with an announcement/);
  assert.match(page, /websocket streams of service \/ws\?&lt;b&gt;/);
  assert.doesNotMatch(page, /ws\?<b>/);
});

test("each end of streams is marked: broken ones as losses of their cause, others as moments, once for those of one moment", () => {
  const count = (pattern: RegExp) => page.match(pattern)?.length ?? 0;
  // Their cause comes after those of requests, and the picture of deletions has each, too.
  assert.equal(count(/<use href="#m-broken" x="\d+" y="\d+" class="loss c3" data-i="\d+"\/>/g), 2);
  assert.equal(count(/<use href="#m-unopened" x=[^>]*class="moment unopened"/g), 1);
  assert.equal(count(/<use href="#m-announced" x=[^>]*class="moment announced"/g), 3);
  assert.equal(count(/<path class="held"/g), 2, "how many were open, kind by kind");
  assert.match(page, /data-marks="c3"> streams: connection-cut-on-exit <span class="count">4</);
  assert.match(page, /data-marks="announced"> streams: end announced <span class="number">8</);
  assert.match(page, /data-marks="unopened"> streams: refused <span class="number">4</);
});

test("what is drawn of streams is told in tables, too", () => {
  assert.deepEqual(
    streamMoments(exampleStreamRun).map(({ at, pod, text }) => [at - load.startedAt, pod, text]),
    [
      [4_100, "shop-1", "4 sse streams of ingress /events ended with an announcement: end of the answer"],
      [4_300, "shop-1", "4 websocket streams of service /ws?<b> broken: close 1006"],
      [4_320, null, "4 websocket streams of service /ws?<b> could not be opened: ECONNREFUSED"],
      [9_050, null, "4 sse streams of ingress /events ended with an announcement: end of the answer"],
    ],
  );
  assert.match(page, /4\.30 s 4 websocket streams of service \/ws\?&lt;b&gt; broken: close 1006/);
  assert.match(page, /<caption>When streams ended, or were refused<\/caption>/);
});

test("a file that knows of broken streams only has their marks", () => {
  const marks = reportPage({ ...older, load, streams: streams! });
  assert.match(marks, /<use href="#m-broken"/);
  assert.doesNotMatch(marks, /<path class="held"/);
});

test("what goes with a pod or an edge that the trial ended is not told as lost", () => {
  assert.match(page, /<h3>pod-killed <span class="spared">1, which count against nobody<\/span>/);
  const killed = reportPage({ ...exampleStreamRun, streams: { ...streams!, unavoidable: 3 } });
  assert.match(killed, /<dt>streams broken<\/dt><dd>1<small>.*announcement, 3 with what the trial ended/);
});

test("where all ends were announced there is nothing to advise, and where no stream was held no section", () => {
  const good = { ...streams!, broken: 0, breaks: [] };
  assert.match(reportPage({ ...exampleRun, streams: good }), /announcement, 0 broken\.<\/p>/);
  assert.doesNotMatch(reportPage(exampleRun), /<h2>Streams/);
});
