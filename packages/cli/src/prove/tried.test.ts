import assert from "node:assert/strict";
import { test } from "node:test";
import { verdictSchema, type CauseSummary, type PodLife, type Verdict } from "@seaworthy/trial";
import { readTrial } from "./tried.ts";

const verdict: Verdict = {
  schema: verdictSchema,
  verdict: "leaking",
  requests: { scheduled: 900, ok: 890, failed: 10 },
  unavoidable: 0,
  terminations: 3,
  bound: null,
  failures: [],
  causes: [],
  findings: [],
  latency: { p50Ms: 1, p99Ms: 2, p999Ms: 3, maxMs: 4 },
  generator: { lagP99Ms: 1, lagMaxMs: 2, valid: true, why: undefined },
  scenarios: [],
  targets: [],
  cluster: "embedded",
  profile: "ingress-nginx",
  seed: 1,
  standIns: ["cart:1"],
  notices: [],
};
const advice = { why: "", changes: [], also: "", place: "", text: "" };

function cause(name: CauseSummary["cause"], deployment: string | null, count: number): CauseSummary {
  return { cause: name, deployment, count, pods: 1, classes: {}, sinceDeletionMs: null, advice };
}

function pod(deployment: string, deletionSeenAt: number | undefined): PodLife {
  const life = { uid: "", namespace: "default", name: "", revision: "1", seenAt: 0, ip: undefined };
  return {
    ...life,
    deployment,
    deletionSeenAt,
    node: undefined,
    ready: [],
    graceSeconds: 30,
    ends: [],
    goneAt: undefined,
  };
}

const timeline = {
  pods: [pod("shop", 5), pod("shop", 6), pod("shop", undefined), pod("cart", 7)],
  endpoints: [],
  deployments: [],
};

test("losses are told by Deployment, and those that belong to none are in the sum alone", () => {
  const causes = [
    cause("port-closed-before-endpoint-removed", "shop", 6),
    cause("not-ready-yet", "shop", 3),
    cause("unrelated", null, 1),
  ];
  const tried = readTrial({ verdict: { ...verdict, causes }, timeline });
  assert.deepEqual([tried.lost, tried.podEnds, tried.doubt], [10, 3, undefined]);
  assert.deepEqual(
    [...tried.deployments],
    [
      ["shop", { lost: 9, podEnds: 2 }],
      ["cart", { lost: 0, podEnds: 1 }],
    ],
  );
});

test("a late load is a doubt that an idle machine ends, and a rollout that is stuck is not", () => {
  const invalid = { ...verdict, verdict: "invalid", why: "the rollout of shop is stuck" } as const;
  assert.equal(readTrial({ verdict: invalid, timeline }).doubt, "the rollout of shop is stuck");
  const late = { ...invalid, why: "sent late", generator: { ...verdict.generator, valid: false } };
  assert.match(readTrial({ verdict: late, timeline }).doubt ?? "", /^sent late; run it again/);
});
