import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createPlan, targetOf } from "../plan/create-plan.ts";
import { exampleFailure, exampleReport } from "../testing/example-report.ts";
import { schemaProblems, type Schema } from "../testing/schema-problems.ts";
import { loadReportAsData } from "./load-report-json.ts";

const schema = JSON.parse(
  readFileSync(new URL("../../../../docs/schemas/load-v1.schema.json", import.meta.url), "utf8"),
) as Schema;
const pace = {
  kind: "open",
  arrivals: "constant",
  stages: [{ fromRate: 100, toRate: 100, durationMs: 3000 }],
} as const;
const plan = createPlan({
  targets: [
    targetOf("https://shop.example/items?access_token=abc&page=2", {
      key: "KEY",
      cert: "CERTIFICATE",
      ca: "AUTHORITY",
    }),
  ],
  pace,
  requests: [
    {
      method: "POST",
      headers: [
        ["Authorization", "Bearer abc"],
        ["X-Api-Key", "abc"],
        ["Accept", "text/html"],
      ],
      body: "password=abc",
    },
  ],
});

const reports = {
  "a good run": exampleReport(),
  "a run with failures": exampleReport({
    failures: [
      exampleFailure(),
      exampleFailure({ class: "bad-status", status: 503, headers: { "x-pod-name": "a" } }),
    ],
  }),
  "a closed loop": exampleReport({ loop: "closed", rate: { intended: undefined, achieved: 1200.5 } }),
  "a run without any answer": exampleReport({
    latenciesMs: [],
    failures: [exampleFailure()],
    intervals: [
      {
        ...exampleReport().intervals[0]!,
        p50Ms: undefined,
        p90Ms: undefined,
        p99Ms: undefined,
        maxMs: undefined,
      },
    ],
  }),
};

for (const [name, report] of Object.entries(reports)) {
  test(`${name} is data by docs/schemas/load-v1.schema.json`, () => {
    const data: unknown = JSON.parse(JSON.stringify(loadReportAsData(report, plan)));
    assert.deepEqual(schemaProblems(data, schema), []);
  });
}

test("the schema is not one that takes anything", () => {
  const data = loadReportAsData(reports["a good run"], plan);
  assert.equal(schemaProblems({ ...data, surprise: 1 }, schema).length, 1);
  assert.equal(schemaProblems({ ...data, verdict: "fine" }, schema).length, 1);
  assert.equal(schemaProblems({ ...data, rate: undefined }, schema).length, 1);
});

test("no secret of the plan is in the data", () => {
  const text = JSON.stringify(loadReportAsData(reports["a good run"], plan));
  for (const secret of ["abc", "KEY", "CERTIFICATE", "AUTHORITY"])
    assert.ok(!text.includes(`"${secret}`) && !text.includes(`=${secret}`), secret);
  assert.ok(text.includes("text/html") && text.includes("page=2"));
});

test("buckets of the histogram hold every good answer, in order", () => {
  const { histograms, latency } = loadReportAsData(reports["a good run"], plan) as {
    histograms: { latency: [number, number, number][] };
    latency: { count: number };
  };
  assert.equal(
    histograms.latency.reduce((sum, [, , count]) => sum + count, 0),
    latency.count,
  );
  for (const [index, [from, to]] of histograms.latency.entries()) {
    assert.ok(from <= to);
    assert.ok(index === 0 || from > histograms.latency[index - 1]![1]);
  }
});
