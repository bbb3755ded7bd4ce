import { verdictSchema, type Failure } from "@seaworthy/trial";
import { packAnswers } from "../report/answer-columns.ts";
import type { SavedRun } from "../report/saved-run.ts";

const startedAt = Date.parse("2026-01-01T10:00:00.000Z");
const time = (ms: number) => new Date(startedAt + ms).toISOString();

const lost = (ms: number, over: Partial<Failure> = {}): Failure => ({
  at: time(ms),
  scenario: "rollout",
  class: "refused",
  client: "new-connection",
  method: "GET",
  target: "service",
  pod: "shop-1",
  deletedPod: "shop-1",
  sinceDeletionMs: ms - 4_000,
  cause: "port-closed-before-endpoint-removed",
  advice: "k8s/shop.yaml:16  preStop",
  ...over,
});

const failures = [
  lost(4_100),
  lost(4_250, { method: "POST", detail: "<script>alert(1)</script> & more" }),
  lost(5_000, { class: "reset-before-answer", cause: "connection-cut-on-exit" }),
  lost(9_000, {
    scenario: "pod-kill",
    pod: "shop-2",
    deletedPod: "shop-2",
    sinceDeletionMs: 20,
    cause: "pod-killed",
  }),
];

const advice = (why: string) => ({
  why,
  changes: [
    {
      path: "spec.template.spec.containers[0].lifecycle.preStop",
      value: { sleep: { seconds: 5 } },
      place: "k8s/shop.yaml:16",
    },
  ],
  also: undefined,
  place: "k8s/shop.yaml:16",
  text: "k8s/shop.yaml:16  spec.template.spec.containers[0].lifecycle.preStop.sleep.seconds: 5",
});

const cause = (name: SavedRun["causes"][number]["cause"], count: number): SavedRun["causes"][number] => ({
  cause: name,
  deployment: "shop",
  count,
  pods: 1,
  classes: { refused: count },
  sinceDeletionMs: { min: 100, median: 100, p95: 250, max: 250 },
  advice: advice("the port was closed before the endpoint was withdrawn"),
});

const pod = (name: string, from: number, deletedAt: number): SavedRun["timeline"]["pods"][number] => ({
  uid: name,
  namespace: "default",
  name,
  deployment: "shop",
  revision: "a",
  seenAt: startedAt + from,
  ip: `10.0.0.${name.slice(-1)}`,
  node: "node-1",
  ready: [{ at: startedAt + from + 500, ready: true }],
  deletionSeenAt: startedAt + deletedAt,
  graceSeconds: 30,
  ends: [{ container: "shop", at: startedAt + deletedAt + 300, exitCode: 0, reason: "Completed" }],
  goneAt: startedAt + deletedAt + 900,
});

const answers = Array.from({ length: 3_000 }, (_, index) => index);

/** A run with three losses of two causes, and one request that went with a killed pod. */
export const exampleRun: SavedRun = {
  schema: verdictSchema,
  verdict: "leaking",
  why: "3 of 3004 requests were lost",
  requests: { scheduled: 3_004, ok: 3_000, failed: 4 },
  unavoidable: 1,
  terminations: 6,
  bound: null,
  failures,
  causes: [
    cause("port-closed-before-endpoint-removed", 2),
    cause("connection-cut-on-exit", 1),
    cause("pod-killed", 1),
  ],
  findings: [],
  latency: { p50Ms: 3, p99Ms: 12, p999Ms: 30, maxMs: 40 },
  generator: { lagP99Ms: 2, lagMaxMs: 4, valid: true, why: undefined },
  scenarios: [
    {
      name: "rollout",
      verdict: "leaking",
      why: "3 of 2003 requests were lost",
      rounds: 2,
      startedAt: time(0),
      endedAt: time(7_000),
      requests: { scheduled: 2_003, ok: 2_000, failed: 3 },
      unavoidable: 0,
      recoveryMs: null,
      terminations: 6,
    },
    {
      name: "pod-kill",
      verdict: "held",
      rounds: 1,
      startedAt: time(7_000),
      endedAt: time(10_000),
      requests: { scheduled: 1_001, ok: 1_000, failed: 1 },
      unavoidable: 1,
      recoveryMs: 20,
      terminations: 1,
    },
  ],
  targets: [{ name: "service", url: "http://shop/", methods: ["GET"], status: [[200, 399]] }],
  cluster: "embedded",
  profile: "ingress-nginx",
  seed: 1,
  standIns: [],
  notices: [],
  again: "seaworthy trial k8s/ --seed 1",
  timeline: { pods: [pod("shop-1", 0, 4_000), pod("shop-2", 4_000, 8_980)], endpoints: [], deployments: [] },
  journals: [],
  seenEndpoints: [
    { at: startedAt + 900, by: "services", service: "default/shop", ip: "10.0.0.1", ready: true },
    { at: startedAt + 1_200, by: "edge", service: "default/shop", ip: "10.0.0.1", ready: true },
    { at: startedAt + 4_900, by: "services", service: "default/shop", ip: "10.0.0.1", ready: false },
    { at: startedAt + 6_100, by: "edge", service: "default/shop", ip: "10.0.0.1", ready: false },
  ],
  loads: [],
  load: {
    startedAt,
    endedAt: startedAt + 10_000,
    losses: failures.map(({ at }) => ({
      dueAt: Date.parse(at),
      sentAfterMs: 0.2,
      doneAfterMs: 1.5,
      reusedConnection: false,
    })),
    answers: packAnswers({
      names: ["shop-1"],
      dueMs: answers.map((index) => (index * 10_000) / answers.length),
      latencyMs: answers.map((index) => 2 + (index % 10)),
      by: answers.map(() => 1),
    }),
  },
};
