import assert from "node:assert/strict";
import { test } from "node:test";
import { autoscalingText } from "@seaworthy/trial";
import { exampleRun } from "../testing/example-run.ts";
import { reportPage } from "../report/report-page.ts";
import { badge } from "./badge.ts";
import { compareRuns, comparisonMarkdown, comparisonText } from "./compare-runs.ts";
import { junitReport } from "./junit-report.ts";
import type { SavedRun } from "../report/saved-run.ts";
import { summaryMarkdown } from "./summary-markdown.ts";

/** The same service after it was mended: only what went with the killed pod is lost. */
const mended: SavedRun = {
  ...exampleRun,
  verdict: "seaworthy",
  requests: { scheduled: 3_004, ok: 3_003, failed: 1 },
  bound: { perTermination: 0.5, text: "" },
  failures: exampleRun.failures.slice(3),
  causes: exampleRun.causes.slice(2),
  scenarios: exampleRun.scenarios.map((scenario) => ({
    ...scenario,
    verdict: "held",
    requests: { ...scenario.requests, failed: scenario.unavoidable },
  })),
};

test("JUnit fails the scenario that leaks, and not the one whose losses went with killed pods", () => {
  const xml = junitReport(exampleRun);
  assert.match(xml, /tests="3" failures="1" errors="0"/);
  assert.match(xml, /name="rollout"[^>]*><failure message="3 of 2003 requests were lost">/);
  assert.match(xml, /name="pod-kill"[^>]*\/>/);
  assert.match(junitReport(mended), /tests="3" failures="0" errors="0"/);
  const late = exampleRun.scenarios.map((scenario) => ({
    ...scenario,
    verdict: "invalid" as const,
    why: "late",
  }));
  assert.match(
    junitReport({ ...exampleRun, verdict: "invalid", scenarios: late }),
    /failures="0" errors="2"/,
  );
});

test("a badge says how many were lost that could have been saved", () => {
  assert.match(badge(exampleRun), /3 requests lost/);
  assert.match(badge(mended), /0 lost in 6 pod ends/);
});

test("where no pod was asked to end, all texts say what was done instead", () => {
  const { why: _, ...good } = mended;
  const killed: SavedRun = { ...good, terminations: 0, bound: null, scenarios: mended.scenarios.slice(1) };
  assert.match(badge(killed), /seaworthy: 0 lost in 1 kill"/);
  assert.match(
    summaryMarkdown(killed),
    /requests lost, and 1 that no field saves in 1 kill\n\nNo pod was asked/,
  );
  assert.match(junitReport(killed), /tests="1" failures="0" errors="0"/);
  assert.match(reportPage(killed), /<dt>what was done<\/dt><dd>1 kill</);
});

test("a summary has 25 lines at most, and nothing in it becomes markup", () => {
  const hostile = exampleRun.causes.map((cause) => ({
    ...cause,
    advice: { ...cause.advice, text: "| a `b` <img src=x> @everyone\n# c" },
  }));
  for (const run of [exampleRun, { ...exampleRun, causes: hostile }]) {
    const text = summaryMarkdown(run);
    assert.ok(text.split("\n").length <= 25, text);
    assert.doesNotMatch(text, /<img|@everyone|^# c/m);
  }
  assert.match(
    summaryMarkdown(exampleRun),
    /Leaking: 3 of 3,004 requests lost, and 1 that no field saves in 6 pod ends/,
  );
});

test("two runs side by side: what was lost before and after, cause by cause", () => {
  const comparison = compareRuns(exampleRun, mended);
  assert.equal(comparison.headline, "Seaworthy: 0 requests lost, was 3");
  assert.equal(comparison.leaks, false);
  assert.deepEqual(comparison.rows[1], ["requests lost", "3 of 3,004", "0 of 3,004"]);
  assert.deepEqual(comparison.causes[0], ["port-closed-before-endpoint-removed", "2", "0"]);
  assert.equal(compareRuns(mended, exampleRun).leaks, true);
  for (const line of comparisonText(comparison).split("\n")) assert.ok(line.length <= 80, line);
  assert.ok(comparisonMarkdown(comparison).split("\n").length <= 25);
});

test("how an autoscaler took more load stands in the summary, and in JUnit below the scenario", () => {
  const result = {
    autoscaler: "shop<b>",
    deployment: "shop",
    from: 3,
    to: 5,
    ratePerSecond: 600,
    topPercent: 142,
    actedAfterMs: 8_500,
    readyAfterMs: 11_000,
    metAfterMs: null,
    p99BeforeMs: 4,
    p99UpMs: 30,
    worstP99UpMs: 120,
    lostUp: 0,
    lostDown: 2,
    ended: 2,
    shortenedWindowSeconds: 300,
  };
  const scenarios = exampleRun.scenarios.map((scenario) => ({
    ...scenario,
    autoscaling: [result],
    notes: autoscalingText(result),
  }));
  const run: SavedRun = { ...exampleRun, scenarios: scenarios.slice(0, 1) };
  assert.match(summaryMarkdown(run), /^- shop&lt;b>: 600 requests\/s .* the target was not met while/m);
  assert.ok(summaryMarkdown(run).split("\n").length <= 25);
  assert.match(
    junitReport(run),
    /<system-out>shop&lt;b&gt;: 600 requests.*\n.*\n.*<\/system-out><\/testcase>/,
  );
});

test("two runs side by side tell of streams where one of them held some", () => {
  const kinds = { kinds: [], breaks: [], longestWithoutMs: 1_200 };
  const held: SavedRun = {
    ...mended,
    streams: { held: 24, announced: 18, broken: 7, unavoidable: 1, ...kinds },
  };
  const { rows } = compareRuns(exampleRun, held);
  assert.deepEqual(rows.slice(4, 7), [
    ["streams broken", "–", "6, 24 held at a time"],
    ["streams announced", "–", "18"],
    ["longest without", "–", "1.20 s"],
  ]);
  assert.ok(!compareRuns(exampleRun, mended).rows.some(([what]) => what.startsWith("streams")));
});
