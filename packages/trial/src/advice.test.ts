import assert from "node:assert/strict";
import { test } from "node:test";
import { advise } from "./advice.ts";
import type { Cause } from "./attribute.ts";
import type { DeploymentFacts } from "./deployment-facts.ts";
import { exampleFacts } from "./testing/example-facts.ts";

const facts: DeploymentFacts = { ...exampleFacts, hasReadinessProbe: false };
const sleeps = (seconds: number) => ({ kind: "sleep" as const, seconds, stopsApp: false });

const table: readonly [
  name: string,
  cause: Cause,
  over: Partial<DeploymentFacts>,
  field: string | undefined,
][] = [
  [
    "no preStop",
    "port-closed-before-endpoint-removed",
    {},
    "spec.template.spec.containers[0].lifecycle.preStop.sleep.seconds: 5",
  ],
  [
    "a preStop that is too short",
    "port-closed-before-endpoint-removed",
    { preStop: sleeps(4) },
    "spec.template.spec.containers[0].lifecycle.preStop.sleep.seconds: 8",
  ],
  [
    "a preStop that kills",
    "port-closed-before-endpoint-removed",
    { preStop: { kind: "exec", seconds: 1, stopsApp: true } },
    "spec.template.spec.containers[0].lifecycle.preStop.sleep.seconds: 5",
  ],
  ["preStop there, app cuts", "connection-cut-on-exit", { preStop: sleeps(5) }, undefined],
  [
    "preStop fills the grace",
    "connection-cut-on-exit",
    { preStop: sleeps(25) },
    "spec.template.spec.terminationGracePeriodSeconds: 40",
  ],
  [
    "preStop beyond the grace",
    "killed-by-grace",
    { preStop: sleeps(60) },
    "spec.template.spec.terminationGracePeriodSeconds: 75",
  ],
  [
    "no readiness probe",
    "not-ready-yet",
    {},
    "spec.template.spec.containers[0].readinessProbe.httpGet.path: /readyz",
  ],
  ["Recreate", "no-endpoints", { recreate: true }, "spec.strategy.type: RollingUpdate"],
  ["one replica", "no-endpoints", { replicas: 1 }, "spec.replicas: 2"],
  ["the network", "unrelated", {}, undefined],
];

for (const [name, cause, over, field] of table) {
  test(`advice: ${name}`, () => {
    const advice = advise(cause, { ...facts, ...over }, () => "d.yaml:7");
    assert.equal(advice.field, field);
    assert.notEqual(advice.text, "");
    assert.notEqual(advice.why, "");
  });
}
