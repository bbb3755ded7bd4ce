import assert from "node:assert/strict";
import { test } from "node:test";
import type { ContainerJournal } from "@seaworthy/cluster";
import type { Outcome } from "@seaworthy/load";
import { attribute, type AttributionContext } from "./attribute.ts";
import type { Cause } from "./cause.ts";
import type { DeploymentFacts } from "./deployment-facts.ts";
import type { Harms } from "./harm.ts";
import { toBusyTimes } from "./not-keeping-up.ts";
import type { KeptConnection } from "../kept/kept-connection.ts";
import type { PodLife } from "../timeline/timeline.ts";
import { exampleFacts } from "../testing/example-facts.ts";
import { exampleJournal, runningJournal } from "../testing/example-journal.ts";
import { exampleKept } from "../testing/example-kept.ts";
import { examplePod } from "../testing/example-pod.ts";

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
  readonly journals?: readonly ContainerJournal[];
  readonly kept?: readonly Partial<KeptConnection>[];
  readonly strays?: readonly number[];
  readonly busy?: Parameters<typeof toBusyTimes>[0];
  readonly harms?: Harms;
  readonly edgeRestarts?: AttributionContext["edgeRestarts"];
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
    name: "the same where the client's node remembers a pod that is gone for long",
    outcome: { class: "connect-timeout", peer: "10.0.0.1:8080", sentAt: 90_000, doneAt: 93_000 },
    pods: [old],
    expect: { cause: "port-closed-before-endpoint-removed", pod: "old", sinceDeletionMs: 80_000 },
  },
  {
    name: "the trial killed the pod",
    outcome: { class: "reset-before-answer", peer: "10.0.0.1:8080", sentAt: 9_990, doneAt: 10_010 },
    pods: [old],
    harms: new Map([[old.uid, { cause: "pod-killed", from: 10_000 }]]),
    expect: { cause: "pod-killed", pod: "old", sinceDeletionMs: 10 },
  },
  {
    name: "an edge has yet to hear that a killed pod is gone",
    outcome: { class: "bad-status", status: 502, target: "ingress", sentAt: 14_200, doneAt: 14_210 },
    pods: [old, examplePod({ name: "other", ip: "10.0.0.2" })],
    harms: new Map([[old.uid, { cause: "pod-killed", from: 10_000 }]]),
    expect: { cause: "pod-killed", pod: "old", sinceDeletionMs: 4_200 },
  },
  {
    name: "what was lost before the kill is not the kill's",
    outcome: { class: "refused", peer: "10.0.0.1:8080", sentAt: 5_000 },
    pods: [old],
    harms: new Map([[old.uid, { cause: "pod-killed", from: 10_000 }]]),
    expect: { cause: "app-not-keeping-up", pod: "old" },
  },
  {
    name: "the edge answers for a pod whose node was switched off",
    outcome: { class: "bad-status", status: 504, target: "ingress", sentAt: 14_000, doneAt: 19_000 },
    pods: [examplePod({}), examplePod({ name: "other", ip: "10.0.0.2" })],
    harms: new Map([["old", { cause: "pod-killed", from: 10_000, until: 30_000 }]]),
    expect: { cause: "pod-killed", pod: "old" },
  },
  {
    name: "once the node is back, a loss is the pod's own again",
    outcome: { class: "reset-before-answer", peer: "10.0.0.1:8080", sentAt: 31_000, doneAt: 31_010 },
    pods: [examplePod({})],
    harms: new Map([["old", { cause: "pod-killed", from: 10_000, until: 30_000 }]]),
    expect: { cause: "unrelated", pod: "old" },
  },
  {
    name: "all pods were on the node that was switched off",
    outcome: { class: "connect-timeout", peer: "10.0.0.1:8080", sentAt: 14_000, doneAt: 17_000 },
    pods: [examplePod({})],
    harms: new Map([["old", { cause: "all-on-one-node", from: 10_000, until: 30_000 }]]),
    expect: { cause: "all-on-one-node", pod: "old" },
  },
  {
    name: "a connection through the edge breaks while that is restarted",
    outcome: { class: "reset-before-answer", target: "ingress", sentAt: 10_500 },
    pods: [examplePod({})],
    edgeRestarts: [{ from: 10_000, until: 12_000 }],
    expect: { cause: "edge-restarted" },
  },
  {
    name: "an edge that is restarted answers for a pod that nothing happened to",
    outcome: { class: "bad-status", status: 503, target: "ingress", sentAt: 10_500 },
    pods: [examplePod({})],
    edgeRestarts: [{ from: 10_000, until: 12_000 }],
    expect: { cause: "edge-restarted" },
  },
  {
    name: "an answer that took too long is cut at the end of the edge",
    outcome: { class: "closed-before-answer", target: "ingress", sentAt: 9_000, doneAt: 20_000 },
    pods: [examplePod({})],
    edgeRestarts: [{ from: 10_000 }],
    expect: { cause: "outlived-edge" },
  },
  {
    name: "the app itself answers badly while the edge is restarted",
    outcome: { class: "bad-status", status: 500, target: "ingress", sentAt: 10_500 },
    pods: [examplePod({})],
    edgeRestarts: [{ from: 10_000, until: 12_000 }],
    expect: { cause: "bad-answer" },
  },
  {
    name: "beside the edge nothing is its doing",
    outcome: { class: "reset-before-answer", peer: "10.0.0.1:8080", sentAt: 10_500 },
    pods: [examplePod({})],
    edgeRestarts: [{ from: 10_000, until: 12_000 }],
    expect: { cause: "unrelated", pod: "old" },
  },
  {
    name: "after its restart a connection through the edge breaks by something else",
    outcome: { class: "reset-before-answer", target: "ingress", sentAt: 12_500 },
    pods: [examplePod({})],
    edgeRestarts: [{ from: 10_000, until: 12_000 }],
    expect: { cause: "unrelated" },
  },
  {
    name: "a pod of the bad version answers, and says its name",
    outcome: { class: "bad-status", status: 500, target: "ingress", headers: { "x-pod-name": "bad" } },
    pods: [old, examplePod({ name: "bad", ip: "10.0.0.2", seenAt: 9_000 })],
    harms: new Map([["bad", { cause: "bad-version", from: 9_000 }]]),
    expect: { cause: "bad-version", pod: "bad" },
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
    outcome: { class: "reset-before-answer", peer: "10.0.0.1:8080", sentAt: 5_000 },
    pods: [old],
    expect: { cause: "unrelated", pod: "old" },
  },
  {
    name: "a pod that nobody ends takes no connection",
    outcome: { class: "connect-timeout", peer: "10.0.0.1:8080", sentAt: 5_000 },
    pods: [old],
    expect: { cause: "app-not-keeping-up", pod: "old" },
  },
  {
    name: "a pod that was told to end takes no connection though its port is still open",
    outcome: { class: "connect-timeout", peer: "10.0.0.1:8080", sentAt: 10_300, doneAt: 13_300 },
    pods: [examplePod({ ...deleted, ends: [], goneAt: 20_000 })],
    journals: [exampleJournal({ closedAt: 18_000, end: { at: 19_900, exitCode: 0, by: "itself" } })],
    expect: { cause: "app-not-keeping-up", pod: "old" },
  },
  {
    name: "it was about to close its port",
    outcome: { class: "connect-timeout", peer: "10.0.0.1:8080", sentAt: 10_300, doneAt: 13_300 },
    pods: [examplePod({ ...deleted, ends: [], goneAt: 20_000 })],
    journals: [exampleJournal({ closedAt: 10_350, end: { at: 19_900, exitCode: 0, by: "itself" } })],
    expect: { cause: "port-closed-before-endpoint-removed", pod: "old", sinceDeletionMs: 300 },
  },
  {
    name: "a pod that was told to end refuses as others do that were not, where the cluster tells of no ports",
    outcome: { class: "refused", peer: "10.0.0.1:8080", sentAt: 10_300 },
    pods: [examplePod({ ...deleted, ends: [], goneAt: 20_000 })],
    busy: [{ pod: examplePod({ name: "other" }), at: 8_900 }],
    expect: { cause: "app-not-keeping-up", pod: "old" },
  },
  {
    name: "others refused long ago",
    outcome: { class: "refused", peer: "10.0.0.1:8080", sentAt: 10_300 },
    pods: [examplePod({ ...deleted, ends: [], goneAt: 20_000 })],
    busy: [{ pod: examplePod({ name: "other" }), at: 5_000 }],
    expect: { cause: "port-closed-before-endpoint-removed", pod: "old", sinceDeletionMs: 300 },
  },
  {
    name: "pods of another Deployment refuse",
    outcome: { class: "refused", peer: "10.0.0.1:8080", sentAt: 10_300 },
    pods: [examplePod({ ...deleted, ends: [], goneAt: 20_000 })],
    busy: [{ pod: examplePod({ name: "other", deployment: "cart" }), at: 10_000 }],
    expect: { cause: "port-closed-before-endpoint-removed", pod: "old", sinceDeletionMs: 300 },
  },
  {
    name: "others refuse, and this one's process is over",
    outcome: { class: "refused", peer: "10.0.0.1:8080", sentAt: 10_300 },
    pods: [old],
    busy: [{ pod: examplePod({ name: "other" }), at: 10_000 }],
    expect: { cause: "port-closed-before-endpoint-removed", pod: "old", sinceDeletionMs: 300 },
  },
  {
    name: "no answer in time, of a pod that nobody ends",
    outcome: { class: "response-timeout", peer: "10.0.0.1:8080", sentAt: 5_000, doneAt: 15_000 },
    pods: [examplePod({})],
    expect: { cause: "app-not-keeping-up", pod: "old" },
  },
  {
    name: "a pod that is gone for long is not busy",
    outcome: { class: "refused", peer: "10.0.0.1:8080", sentAt: 90_000 },
    pods: [old],
    expect: { cause: "unrelated", pod: "old", sinceDeletionMs: 80_000 },
  },
  {
    name: "the edge came through to nobody while pods took no connection",
    outcome: { class: "bad-status", status: 504, target: "ingress", sentAt: 5_000 },
    pods: [examplePod({})],
    busy: [{ pod: examplePod({}), at: 6_000 }],
    expect: { cause: "app-not-keeping-up" },
  },
  {
    name: "the same near a deletion: no pod is named, since none is known",
    outcome: { class: "bad-status", status: 504, target: "ingress", sentAt: 10_300 },
    pods: [examplePod({ ...deleted, ends: [], goneAt: 20_000 })],
    busy: [{ pod: examplePod({ name: "other" }), at: 10_000 }],
    expect: { cause: "app-not-keeping-up" },
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
    facts: { preStop: { kind: "sleep", seconds: 60, stopsAppAfter: undefined } },
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
        revision: "next",
        ip: "10.0.0.9",
        seenAt: 9_000,
        ready: [{ at: 9_600, ready: true }],
      }),
    ],
    facts: { hasReadinessProbe: false },
    expect: { cause: "not-ready-yet", pod: "new", deleted: "old", sinceDeletionMs: -300 },
  },
  {
    name: "one more pod without a readiness probe, of which one ends when the load is gone",
    outcome: { class: "refused", peer: "10.0.0.9:8080", sentAt: 9_700 },
    pods: [
      old,
      examplePod({
        name: "more",
        uid: "more",
        ip: "10.0.0.9",
        seenAt: 9_000,
        ready: [{ at: 9_600, ready: true }],
      }),
    ],
    facts: { hasReadinessProbe: false },
    expect: { cause: "not-ready-yet", pod: "more" },
  },
  {
    name: "an edge knew sooner than the trial that a pod without a readiness probe was ready",
    outcome: { class: "bad-status", status: 503, target: "ingress", sentAt: 9_000 },
    pods: [
      examplePod({}),
      examplePod({ name: "more", uid: "more", seenAt: 8_700, ready: [{ at: 9_600, ready: true }] }),
    ],
    facts: { hasReadinessProbe: false },
    expect: { cause: "not-ready-yet", pod: "more" },
  },
  {
    name: "nobody knew of a pod before it was there",
    outcome: { class: "bad-status", status: 503, target: "ingress", sentAt: 7_500 },
    pods: [
      examplePod({}),
      examplePod({ name: "more", uid: "more", seenAt: 8_100, ready: [{ at: 8_100, ready: true }] }),
    ],
    facts: { hasReadinessProbe: false },
    expect: { cause: "unrelated" },
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
    name: "a status that pods give anyway is a bad answer, also in a rollout",
    outcome: { class: "bad-status", status: 500, headers: { "x-pod-name": "old" } },
    pods: [old],
    strays: [500],
    expect: { cause: "bad-answer", pod: "old", sinceDeletionMs: 50 },
  },
  {
    name: "a status that the app gives from its deletion on is the shutdown's",
    outcome: { class: "bad-status", status: 500, headers: { "x-pod-name": "old" } },
    pods: [old],
    expect: { cause: "answers-badly-while-draining", pod: "old", sinceDeletionMs: 50 },
  },
  {
    name: "also through an edge, where a kept connection saw the same answer",
    outcome: { class: "bad-status", status: 503, target: "ingress" },
    pods: [old],
    journals: [runningJournal()],
    kept: [{ badAnswer: { at: 10_010, status: 503 } }],
    expect: { cause: "answers-badly-while-draining", pod: "old", sinceDeletionMs: 50 },
  },
  {
    name: "before its deletion a bad status is a bad answer",
    outcome: { class: "bad-status", status: 404, peer: "10.0.0.1:8080", sentAt: 4_000 },
    pods: [old],
    expect: { cause: "bad-answer", pod: "old" },
  },
  {
    name: "while preStop holds the signal back a closed kept connection is the app's keep-alive timeout",
    outcome: {
      class: "closed-before-answer",
      reusedConnection: true,
      peer: "10.0.0.1:8080",
      sentAt: 12_000,
      doneAt: 12_001,
    },
    pods: [examplePod({ ...deleted, ends: [], goneAt: 15_400 })],
    journals: [runningJournal(15_000)],
    expect: { cause: "idle-connection-closed", pod: "old", sinceDeletionMs: 2_001 },
  },
  {
    name: "the same without a journal: the manifest tells how long the hook waits",
    outcome: {
      class: "reset-before-answer",
      reusedConnection: true,
      peer: "10.0.0.1:8080",
      sentAt: 12_000,
      doneAt: 12_001,
    },
    pods: [examplePod({ ...deleted, ends: [], goneAt: 15_400 })],
    facts: { preStop: { kind: "sleep", seconds: 5, stopsAppAfter: undefined } },
    expect: { cause: "idle-connection-closed", pod: "old", sinceDeletionMs: 2_001 },
  },
  {
    name: "a kept connection that a pod closes in the middle of its life",
    outcome: {
      class: "reset-before-answer",
      reusedConnection: true,
      previous: { "x-pod-name": "old" },
      sentAt: 60_000,
      doneAt: 60_002,
    },
    pods: [examplePod({})],
    expect: { cause: "idle-connection-closed", pod: "old" },
  },
  {
    name: "an edge's 502 far from any end, where the app closes idle connections sooner than the edge",
    outcome: { class: "bad-status", status: 502, target: "ingress", sentAt: 60_000 },
    pods: [examplePod({})],
    kept: [{ use: "idle", answeredAt: 1_000, closedAt: 1_120 }],
    expect: { cause: "idle-connection-closed" },
  },
  {
    name: "an edge's 502 while a pod only waits in its hook is not that pod's",
    outcome: { class: "bad-status", status: 502, target: "ingress", sentAt: 12_000 },
    pods: [examplePod({ ...deleted, ends: [], goneAt: 15_400 })],
    journals: [runningJournal(15_000)],
    expect: { cause: "unrelated" },
  },
  {
    name: "a cut by a launcher that dies with the server still serving",
    outcome: {
      class: "reset-before-answer",
      peer: "10.0.0.1:8080",
      reusedConnection: true,
      sentAt: 10_015,
      doneAt: 10_021,
    },
    pods: [old],
    journals: [
      exampleJournal({
        cutOff: true,
        listeners: [{ pid: 19, command: "node server.mjs", handlesSignal: true, port: 8080 }],
      }),
    ],
    expect: { cause: "signal-not-passed-on", pod: "old", sinceDeletionMs: 21 },
  },
  {
    name: "one container was gone while the one in front answered 502",
    outcome: { class: "bad-status", status: 502, peer: "10.0.0.1:8080", sentAt: 11_000 },
    pods: [examplePod({ ...deleted, ends: [], goneAt: 20_400 })],
    journals: [exampleJournal({ container: "fpm", listeners: [] }), runningJournal(20_000)],
    expect: { cause: "sidecar-ended-first", pod: "old", sinceDeletionMs: 1_000 },
  },
  {
    name: "an app that answers 503 by itself after its signal, beside a container that is gone",
    outcome: { class: "bad-status", status: 503, peer: "10.0.0.1:8080", sentAt: 11_000 },
    pods: [examplePod({ ...deleted, ends: [], goneAt: 20_400 })],
    journals: [exampleJournal({ container: "log-shipper", listeners: [] }), runningJournal()],
    expect: { cause: "answers-badly-while-draining", pod: "old", sinceDeletionMs: 1_000 },
  },
  {
    name: "a container that was gone, on a real cluster: by the containers' statuses",
    outcome: { class: "bad-status", status: 502, target: "ingress", sentAt: 11_000 },
    pods: [
      examplePod({
        ...deleted,
        ends: [
          { container: "fpm", at: 10_100, exitCode: 0, reason: "Completed" },
          { container: "shop", at: 20_100, exitCode: 0, reason: "Completed" },
        ],
        goneAt: 20_400,
      }),
    ],
    facts: { preStop: { kind: "sleep", seconds: 10, stopsAppAfter: undefined } },
    expect: { cause: "sidecar-ended-first", pod: "old", sinceDeletionMs: 1_000 },
  },
  {
    name: "a SIGKILL by the journal, whatever the exit code says",
    outcome: {
      class: "closed-mid-answer",
      peer: "10.0.0.1:8080",
      sentAt: 14_900,
      doneAt: 15_001,
    },
    pods: [examplePod({ ...deleted, ends: [], goneAt: 15_400 })],
    journals: [
      exampleJournal({ kill: { at: 15_000, open: 4 }, end: { at: 15_001, exitCode: 137, by: "kill" } }),
    ],
    expect: { cause: "killed-by-grace", pod: "old", sinceDeletionMs: 5_001 },
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
      path: "/",
      journals: row.journals ?? [],
      kept: (row.kept ?? []).map((each) => ({ ...exampleKept, ...each })),
      strays: new Set(row.strays ?? []),
      busy: toBusyTimes(row.busy ?? []),
      ...(row.harms === undefined ? {} : { harms: row.harms }),
      ...(row.edgeRestarts === undefined ? {} : { edgeRestarts: row.edgeRestarts }),
      edgeIdleMs: 60_000,
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
