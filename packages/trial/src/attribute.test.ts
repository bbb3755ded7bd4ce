import assert from "node:assert/strict";
import { test } from "node:test";
import type { Outcome } from "@seaworthy/load";
import { attribute, type AttributionContext, type Cause } from "./attribute.ts";
import type { DeploymentFacts } from "./deployment-facts.ts";
import type { PodLife } from "./timeline.ts";
import { exampleFacts } from "./testing/example-facts.ts";
import { examplePod } from "./testing/example-pod.ts";

const deleted = {
  deletionSeenAt: 10_000,
  graceSeconds: 30,
  goneAt: 10_400,
  ends: [{ container: "shop", at: 10_100, exitCode: 0, reason: "Completed" }],
};

function outcome(over: Partial<Outcome>): Outcome {
  const sentAt = over.sentAt ?? 10_050;
  return {
    class: "refused",
    target: "service",
    client: "new-connection",
    method: "GET",
    intendedAt: sentAt,
    doneAt: sentAt + 5,
    reusedConnection: false,
    ...over,
    sentAt,
  };
}

interface Row {
  readonly name: string;
  readonly outcome: Partial<Outcome>;
  readonly pods: readonly PodLife[];
  readonly facts?: Partial<DeploymentFacts>;
  readonly ready?: readonly { at: number; ready: readonly string[] }[];
  readonly expect: {
    readonly cause: Cause;
    readonly pod?: string;
    /** The pod itself when it is left out and there is a time. */
    readonly deleted?: string;
    readonly sinceDeletionMs?: number;
  };
}

const old = examplePod({ ...deleted });

const table: readonly Row[] = [
  {
    name: "a refused connection to a deleted pod, by its peer",
    outcome: { class: "refused", peer: "10.0.0.1:8080" },
    pods: [old],
    expect: { cause: "port-closed-before-endpoint-removed", pod: "old", sinceDeletionMs: 50 },
  },
  {
    name: "a black hole is the same cause and counts from when it was sent",
    outcome: { class: "connect-timeout", peer: "10.0.0.1:8080", sentAt: 10_480, doneAt: 13_480 },
    pods: [old],
    expect: { cause: "port-closed-before-endpoint-removed", pod: "old", sinceDeletionMs: 480 },
  },
  {
    name: "an edge's 503 near a deletion, by time alone",
    outcome: { class: "bad-status", status: 503, target: "ingress" },
    pods: [old, examplePod({ name: "other", ip: "10.0.0.2" })],
    expect: { cause: "port-closed-before-endpoint-removed", pod: "old", sinceDeletionMs: 50 },
  },
  {
    name: "a reset on a reused connection counts from when it was cut",
    outcome: {
      class: "reset-before-answer",
      reusedConnection: true,
      sentAt: 9_990,
      doneAt: 10_017,
      previous: { "x-pod-name": "old" },
    },
    pods: [old, examplePod({ name: "other", ip: "10.0.0.2" })],
    expect: { cause: "connection-cut-on-exit", pod: "old", sinceDeletionMs: 17 },
  },
  {
    name: "behind an edge the connection's earlier answers name no pod",
    outcome: { class: "bad-status", status: 502, target: "ingress", previous: { "x-pod-name": "other" } },
    pods: [old, examplePod({ name: "other", uid: "other", ip: "10.0.0.2" })],
    expect: { cause: "port-closed-before-endpoint-removed", pod: "old", sinceDeletionMs: 50 },
  },
  {
    name: "before its deletion a pod's later deletion explains nothing",
    outcome: { class: "refused", peer: "10.0.0.1:8080", sentAt: 5_000 },
    pods: [old],
    expect: { cause: "unrelated", pod: "old" },
  },
  {
    name: "of two deleted pods the one whose end lies nearest",
    outcome: { class: "closed-mid-answer", sentAt: 15_000, doneAt: 15_010 },
    pods: [
      examplePod({
        name: "first",
        uid: "first",
        deletionSeenAt: 10_000,
        ends: [{ container: "shop", at: 15_005, exitCode: 0, reason: undefined }],
        goneAt: 15_100,
      }),
      examplePod({ name: "second", uid: "second", deletionSeenAt: 13_000, ends: [], goneAt: 18_100 }),
    ],
    expect: { cause: "connection-cut-on-exit", pod: "first", sinceDeletionMs: 5_010 },
  },
  {
    name: "SIGKILL at the end of the grace period",
    outcome: { class: "reset-mid-answer", sentAt: 39_990, doneAt: 40_010, peer: "10.0.0.1:8080" },
    pods: [
      examplePod({
        deletionSeenAt: 10_000,
        graceSeconds: 30,
        ends: [{ container: "shop", at: 40_050, exitCode: 137, reason: "Error" }],
        goneAt: 40_300,
      }),
    ],
    facts: { preStop: { kind: "sleep", seconds: 60, stopsApp: false } },
    expect: { cause: "killed-by-grace", pod: "old", sinceDeletionMs: 30_010 },
  },
  {
    name: "a new pod without a readiness probe",
    outcome: { class: "refused", peer: "10.0.0.9:8080", sentAt: 9_700 },
    pods: [
      old,
      examplePod({
        name: "new",
        uid: "new",
        ip: "10.0.0.9",
        seenAt: 9_000,
        ready: [{ at: 9_600, ready: true }],
      }),
    ],
    facts: { hasReadinessProbe: false },
    expect: { cause: "not-ready-yet", pod: "new", deleted: "old", sinceDeletionMs: -300 },
  },
  {
    name: "a container that ended by itself",
    outcome: { class: "reset-before-answer", peer: "10.0.0.1:8080", sentAt: 10_020, doneAt: 10_030 },
    pods: [examplePod({ ends: [{ container: "shop", at: 10_100, exitCode: 137, reason: "OOMKilled" }] })],
    expect: { cause: "container-restarted", pod: "old" },
  },
  {
    name: "no ready endpoint at all",
    outcome: { class: "bad-status", status: 503, target: "service", sentAt: 10_300 },
    pods: [old],
    ready: [
      { at: 0, ready: ["10.0.0.1"] },
      { at: 10_010, ready: [] },
    ],
    expect: { cause: "no-endpoints" },
  },
  {
    name: "a failure far from any deletion belongs to the network",
    outcome: { class: "connect-timeout", sentAt: 60_000, doneAt: 63_000 },
    pods: [old],
    expect: { cause: "unrelated" },
  },
  {
    name: "an app's own 500 is a bad answer, also in a rollout",
    outcome: { class: "bad-status", status: 500, headers: { "x-pod-name": "old" } },
    pods: [old],
    expect: { cause: "bad-answer", pod: "old", sinceDeletionMs: 50 },
  },
];

for (const row of table) {
  test(row.name, () => {
    const context: AttributionContext = {
      timeline: {
        pods: row.pods,
        deployments: [],
        endpoints: (row.ready ?? []).map((each) => ({
          ...each,
          namespace: "default",
          service: "shop",
          terminating: [],
        })),
      },
      facts: [{ ...exampleFacts, ...row.facts }],
      services: { service: { namespace: "default", name: "shop" } },
      edges: ["ingress"],
    };
    const found = attribute(outcome(row.outcome), context);
    const { cause, pod: name, sinceDeletionMs } = row.expect;
    assert.deepEqual(
      [found.cause, found.pod?.name, found.deleted?.name, found.sinceDeletionMs],
      [
        cause,
        name,
        row.expect.deleted ?? (sinceDeletionMs === undefined ? undefined : name),
        sinceDeletionMs,
      ],
    );
  });
}
