import assert from "node:assert/strict";
import { test } from "node:test";
import type { OutcomeClass } from "@seaworthy/load";
import { examplePod } from "../testing/example-pod.ts";
import type { PodLife } from "../timeline/timeline.ts";
import type { Cause } from "./cause.ts";
import { isStarved } from "./starved.ts";

const crowded = [{ from: 1_000, until: 3_000, othersShare: 0.6 }];

function starved(kind: OutcomeClass, cause: Cause, sentAt = 2_000, pods: readonly PodLife[] = []): boolean {
  const outcome = {
    class: kind,
    target: "service",
    client: "keep-alive",
    method: "GET",
    intendedAt: sentAt,
    sentAt,
    doneAt: sentAt + 900,
    reusedConnection: true,
  } as const;
  return isStarved(outcome, cause, { crowded, pods });
}

test("whoever waited in vain while others had the processors may have waited for them", () => {
  assert.ok(starved("connect-timeout", "unrelated"));
  assert.ok(starved("response-timeout", "killed-by-grace"));
  assert.ok(starved("connect-timeout", "port-closed-before-endpoint-removed", 200));
});

test("a Service loses pods whose probes are late; one whose pods are deleted has another reason", () => {
  const ready = [
    { at: 500, ready: true },
    { at: 2_500, ready: false },
  ];
  const late = examplePod({ ready });
  assert.ok(starved("refused", "no-endpoints", 2_000, [late]));
  assert.ok(starved("bad-status", "no-endpoints", 2_000, [late]));
  const again = (at: number) => examplePod({ ready: [...ready, { at, ready: true }] });
  assert.ok(starved("bad-status", "no-endpoints", 2_000, [again(2_700)]));
  // The edge has heard of it by now.
  const before = [
    { at: -7_000, ready: true },
    { at: -6_000, ready: false },
    { at: -5_000, ready: true },
  ];
  assert.ok(!starved("bad-status", "no-endpoints", 2_000, [examplePod({ ready: before })]));
  assert.ok(!starved("bad-status", "bad-answer", 2_000, [late]));
  assert.ok(!starved("refused", "no-endpoints", 1_000, [late]));
  assert.ok(!starved("refused", "no-endpoints", 2_000, [examplePod({ ready, deletionSeenAt: 2_400 })]));
  assert.ok(!starved("refused", "no-endpoints", 2_000, [examplePod({ ready: [] })]));
});

test("what a program does that runs, and what the trial does, is as it was", () => {
  assert.ok(!starved("refused", "port-closed-before-endpoint-removed"));
  assert.ok(!starved("reset-before-answer", "connection-cut-on-exit"));
  assert.ok(!starved("response-timeout", "signal-not-passed-on"));
  assert.ok(!starved("connect-timeout", "pod-killed"));
  assert.ok(!starved("connect-timeout", "unrelated", 3_001));
});
