import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleRun } from "../testing/example-run.ts";
import { endpointViews } from "./endpoint-views.ts";
import { podMoments } from "./pod-moments.ts";
import type { SavedRun } from "./saved-run.ts";

const { startedAt } = exampleRun.load;
const [pod] = exampleRun.timeline.pods;
const spansOf = (run: SavedRun) =>
  Object.fromEntries(
    endpointViews(pod!, run).map(({ name, spans }) => [
      name,
      spans.map(([from, until]) => [from - startedAt, until - startedAt]),
    ]),
  );

test("each view has its own times, and the edge's outlives the pod", () => {
  const endpoints = [
    { at: startedAt + 500, namespace: "default", service: "shop", ready: ["10.0.0.1"], terminating: [] },
    { at: startedAt + 4_010, namespace: "default", service: "shop", ready: [], terminating: ["10.0.0.1"] },
  ];
  const run = { ...exampleRun, timeline: { ...exampleRun.timeline, endpoints } };
  assert.deepEqual(spansOf(run), { listed: [[500, 4_010]], routed: [[900, 4_900]], edged: [[1_200, 6_100]] });
  const told = podMoments(pod!, run).map(({ at, text }) => `${at - startedAt} ${text}`);
  assert.ok(told.includes("4010 out of EndpointSlices"), told.join());
  assert.equal(told.at(-1), "6100 out of the edge");
});

test("what a view says of an address is another pod's from when that has it", () => {
  const heir = { ...pod!, uid: "heir", name: "heir", seenAt: startedAt + 5_000 };
  const run = {
    ...exampleRun,
    timeline: { ...exampleRun.timeline, pods: [...exampleRun.timeline.pods, heir] },
  };
  assert.deepEqual(spansOf(run)["edged"], [[1_200, 5_000]]);
  const [first] = exampleRun.timeline.pods;
  const known = { ...first!, seenAt: startedAt + 2_000 };
  const late = { ...exampleRun, timeline: { ...exampleRun.timeline, pods: [known] } };
  const edged = endpointViews(known, late).find(({ name }) => name === "edged");
  assert.deepEqual(edged?.spans, [[startedAt + 2_000, startedAt + 6_100]], "as of when the trial saw it");
});

test("a file without views has none", () => {
  const { seenEndpoints: _, ...older } = exampleRun;
  assert.deepEqual(spansOf(older), { listed: [], routed: [], edged: [] });
});
