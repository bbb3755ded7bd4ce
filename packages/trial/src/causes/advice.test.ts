import assert from "node:assert/strict";
import { test } from "node:test";
import { advise } from "./advice.ts";
import type { Cause } from "./cause.ts";
import type { CauseEvidence } from "./cause-evidence.ts";
import type { DeploymentFacts } from "./deployment-facts.ts";
import { formatChange } from "./field-change.ts";
import { exampleEvidence } from "../testing/example-evidence.ts";
import { exampleFacts } from "../testing/example-facts.ts";

const facts: DeploymentFacts = { ...exampleFacts, hasReadinessProbe: false };
const sleeps = (seconds: number) => ({ kind: "sleep" as const, seconds, stopsAppAfter: undefined });
/** A hook of the container that is asked. */
const hook = (preStop: NonNullable<DeploymentFacts["preStop"]>, graceSeconds = 30) => ({
  preStop,
  graceSeconds,
  containers: [{ name: "shop", preStop }],
});
const preStop = "spec.template.spec.containers[0].lifecycle.preStop";
const grace = "spec.template.spec.terminationGracePeriodSeconds";

interface Row {
  readonly name: string;
  readonly cause: Cause;
  readonly facts?: Partial<DeploymentFacts>;
  readonly evidence?: Partial<CauseEvidence>;
  readonly changes: readonly string[];
  /** What the part for the code says; absent when no code need change. */
  readonly also?: RegExp;
}

const probe = "spec.template.spec.containers[0].readinessProbe";

const table: readonly Row[] = [
  {
    name: "the only pod was on the node that went",
    cause: "all-on-one-node",
    facts: { replicas: 1 },
    changes: [
      "spec.replicas: 2",
      "spec.template.spec.topologySpreadConstraints: [{ maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway, labelSelector: { matchLabels: { app: shop } } }]",
    ],
  },
  {
    name: "the pods may be on one node only",
    cause: "all-on-one-node",
    facts: { pinned: { field: "nodeSelector", free: null } },
    changes: [
      "spec.template.spec.nodeSelector: null",
      "spec.template.spec.topologySpreadConstraints: [{ maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway, labelSelector: { matchLabels: { app: shop } } }]",
    ],
  },
  {
    name: "a bad version behind a probe of another path",
    cause: "bad-version",
    facts: { hasReadinessProbe: true, readinessPath: "/healthz" },
    evidence: { path: "/orders" },
    changes: [`${probe}.httpGet.path: /orders`],
    also: /minReadySeconds/,
  },
  {
    name: "a bad version without a probe",
    cause: "bad-version",
    changes: [`${probe}: { httpGet: { path: /, port: 8080 }, periodSeconds: 1 }`],
    also: /minReadySeconds/,
  },
  {
    name: "a bad version that answers the probe well, and users badly, at the same path",
    cause: "bad-version",
    facts: { hasReadinessProbe: true, readinessPath: "/" },
    changes: [],
    also: /a canary of one pod/,
  },
  {
    name: "no preStop",
    cause: "port-closed-before-endpoint-removed",
    changes: [`${preStop}.sleep.seconds: 5`],
  },
  {
    name: "no preStop, and a grace that is too short for one",
    cause: "port-closed-before-endpoint-removed",
    facts: { graceSeconds: 3 },
    changes: [`${preStop}.sleep.seconds: 5`, `${grace}: 15`],
  },
  {
    name: "no preStop, and an edge that took 31 s to forget the pod",
    cause: "port-closed-before-endpoint-removed",
    evidence: { latestMs: 31_200 },
    changes: [`${preStop}.sleep.seconds: 34`, `${grace}: 44`],
  },
  {
    name: "a preStop that is too short",
    cause: "port-closed-before-endpoint-removed",
    facts: hook(sleeps(4)),
    changes: [`${preStop}.sleep.seconds: 8`],
  },
  {
    name: "a preStop that kills gives way to one that waits",
    cause: "port-closed-before-endpoint-removed",
    facts: hook({ kind: "exec", seconds: 1, stopsAppAfter: 0 }),
    changes: [`${preStop}.sleep.seconds: 5`],
  },
  {
    name: "an app that ends at once",
    cause: "port-closed-before-endpoint-removed",
    evidence: { endsAtOnce: true },
    changes: [`${preStop}.sleep.seconds: 5`],
    also: /Connection: close/,
  },
  {
    name: "preStop there, app cuts",
    cause: "connection-cut-on-exit",
    facts: hook(sleeps(5)),
    changes: [],
    also: /Connection: close/,
  },
  {
    name: "5 s of preStop and 10 s to drain fit a grace of 15 s",
    cause: "connection-cut-on-exit",
    facts: hook(sleeps(5), 15),
    changes: [],
    also: /Connection: close/,
  },
  {
    name: "preStop fills the grace",
    cause: "connection-cut-on-exit",
    facts: hook(sleeps(25)),
    changes: [`${grace}: 35`],
    also: /Connection: close/,
  },
  {
    name: "bad answers with requests still routed",
    cause: "answers-badly-while-draining",
    evidence: { status: 503 },
    changes: [`${preStop}.sleep.seconds: 5`],
    also: /return503OnClosing/,
  },
  {
    name: "bad answers on kept connections alone",
    cause: "answers-badly-while-draining",
    facts: hook(sleeps(10)),
    changes: [],
    also: /Connection: close/,
  },
  {
    name: "a launcher",
    cause: "signal-not-passed-on",
    evidence: { receiver: "npm start", listener: "node dist/main.js --port 80" },
    changes: [],
    also: /`exec node dist\/main.js --port 80`.*`command: \[node, dist\/main.js, --port, 80\]`/,
  },
  {
    name: "a launcher, and a grace that a drain would not fit",
    cause: "signal-not-passed-on",
    facts: hook(sleeps(2), 4),
    evidence: { receiver: "yarn start", listener: "node server.js" },
    changes: [`${grace}: 12`],
    also: /`exec node server.js`/,
  },
  {
    name: "the container behind gets a hook that outlives the one in front",
    cause: "sidecar-ended-first",
    facts: {
      preStop: sleeps(10),
      containers: [
        { name: "fpm", preStop: undefined },
        { name: "shop", preStop: sleeps(10) },
      ],
      container: 1,
    },
    evidence: { endedFirst: "fpm", servedMs: 10_400 },
    changes: [`${preStop}.sleep.seconds: 13`],
  },
  {
    name: "neither container has a hook",
    cause: "sidecar-ended-first",
    facts: {
      graceSeconds: 10,
      containers: [
        { name: "shop", preStop: undefined },
        { name: "proxy", preStop: undefined },
      ],
    },
    evidence: { endedFirst: "proxy", servedMs: 2_100 },
    changes: [
      `${preStop}.sleep.seconds: 5`,
      `${grace}: 17`,
      "spec.template.spec.containers[1].lifecycle.preStop.sleep.seconds: 7",
    ],
  },
  {
    name: "a keep-alive timeout below the edge's",
    cause: "idle-connection-closed",
    evidence: { idleTimeoutMs: 1_100 },
    changes: [],
    also: /60 s.*65_000/,
  },
  {
    name: "preStop beyond the grace",
    cause: "killed-by-grace",
    facts: hook(sleeps(60)),
    changes: [`${grace}: 70`],
  },
  {
    name: "nobody handles the signal",
    cause: "killed-by-grace",
    evidence: { handlesSignal: false, openAtKill: 7 },
    changes: [],
    also: /handle SIGTERM/,
  },
  {
    name: "the signal is handled and the grace does not do",
    cause: "killed-by-grace",
    evidence: { handlesSignal: true },
    changes: [`${grace}: 60`],
    also: /end by itself/,
  },
  {
    name: "no readiness probe",
    cause: "not-ready-yet",
    evidence: { path: "/shop" },
    changes: [
      "spec.template.spec.containers[0].readinessProbe: { httpGet: { path: /shop, port: 8080 }, periodSeconds: 1 }",
    ],
    also: /200 only when/,
  },
  {
    name: "Recreate",
    cause: "no-endpoints",
    facts: { recreate: true },
    changes: ["spec.strategy.type: RollingUpdate"],
  },
  {
    name: "one replica",
    cause: "no-endpoints",
    facts: { replicas: 1 },
    changes: ["spec.replicas: 2", "spec.strategy.rollingUpdate.maxUnavailable: 0"],
  },
  {
    name: "no surge: the API server refuses 0 of both",
    cause: "no-endpoints",
    facts: { maxSurge: "0%" },
    changes: ["spec.strategy.rollingUpdate.maxUnavailable: 0", "spec.strategy.rollingUpdate.maxSurge: 1"],
  },
  { name: "the network", cause: "unrelated", changes: [], also: /edge's own log/ },
];

for (const row of table) {
  test(`advice: ${row.name}`, () => {
    const advice = advise(row.cause, {
      facts: { ...facts, ...row.facts },
      evidence: { ...exampleEvidence, ...row.evidence },
      placeOf: () => "d.yaml:7",
    });
    assert.deepEqual(advice.changes.map(formatChange), row.changes);
    if (row.also === undefined) assert.equal(advice.also, undefined);
    else assert.match(advice.also ?? "", row.also);
    for (const change of advice.changes) assert.ok(advice.text.includes(formatChange(change)), advice.text);
    assert.notEqual(advice.why, "");
  });
}

test("the sum of hook and drain is shown where it does not fit", () => {
  const advice = advise("killed-by-grace", {
    facts: { ...facts, ...hook(sleeps(12), 12) },
    evidence: exampleEvidence,
    placeOf: () => undefined,
  });
  assert.match(advice.why, /12 s of preStop \+ 10 s to drain = 22 s, and there are 12 s/);
});
