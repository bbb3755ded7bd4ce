import assert from "node:assert/strict";
import { test } from "node:test";
import type { Container } from "@seaworthy/kube";
import { readinessDelay } from "./readiness-delay.ts";

const delay = (containers: readonly Partial<Container>[], minReadySeconds?: number) =>
  readinessDelay({
    ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
    template: { spec: { containers: containers.map((each) => ({ name: "c", ...each })) } },
  });

const httpGet = { port: 80 };

const cases: readonly [
  name: string,
  containers: readonly Partial<Container>[],
  minReady: number | undefined,
  least: number,
  most: number,
  field: string | undefined,
][] = [
  ["no probe", [{}], undefined, 0, 0, undefined],
  ["a plain probe", [{ readinessProbe: { httpGet } }], undefined, 0, 10, undefined],
  [
    "initialDelaySeconds",
    [{ readinessProbe: { httpGet, initialDelaySeconds: 180, periodSeconds: 5 } }],
    undefined,
    180,
    185,
    "spec.template.spec.containers.0.readinessProbe.initialDelaySeconds",
  ],
  [
    "a startup probe's budget",
    [
      {
        startupProbe: { httpGet, failureThreshold: 30, periodSeconds: 10 },
        readinessProbe: { httpGet, periodSeconds: 2 },
      },
    ],
    undefined,
    0,
    302,
    undefined,
  ],
  [
    "successThreshold",
    [{ readinessProbe: { httpGet, initialDelaySeconds: 5, periodSeconds: 10, successThreshold: 4 } }],
    undefined,
    35,
    45,
    "spec.template.spec.containers.0.readinessProbe.initialDelaySeconds",
  ],
  ["minReadySeconds", [{}], 40, 40, 40, "spec.minReadySeconds"],
  [
    "the slowest of two containers",
    [
      { readinessProbe: { httpGet, initialDelaySeconds: 5 } },
      {
        startupProbe: { httpGet, initialDelaySeconds: 60 },
        readinessProbe: { httpGet, initialDelaySeconds: 20 },
      },
    ],
    10,
    70,
    130,
    "spec.template.spec.containers.1.startupProbe.initialDelaySeconds",
  ],
];

for (const [name, containers, minReady, least, most, field] of cases) {
  test(`${name}: at least ${least} s, at most ${most} s`, () => {
    const found = delay(containers, minReady);
    assert.deepEqual(
      [found.leastMs / 1000, found.mostMs / 1000, found.field?.join(".")],
      [least, most, field],
    );
  });
}
