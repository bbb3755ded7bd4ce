import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { createPlan, targetOf } from "../plan/create-plan.ts";
import { exampleFailure, exampleInterval, exampleReport, exampleSplit } from "../testing/example-report.ts";
import { htmlPage } from "./html-page.ts";

const plan = createPlan({
  targets: [targetOf("http://127.0.0.1:8080/")],
  pace: {
    kind: "open",
    arrivals: "poisson",
    stages: [{ fromRate: 10, toRate: 100, durationMs: 60_000 }],
  },
  recordHeaders: ["x-pod-name"],
});
const evil = `"><script>alert('x')</script>&`;
const failing = exampleReport({
  failures: [
    exampleFailure({ detail: evil, previous: { "x-pod-name": evil } }),
    exampleFailure({ class: "refused" }),
  ],
  answeredBy: { [evil]: exampleSplit(), b: exampleSplit() },
  warnings: [evil],
});

const pages = {
  good: htmlPage(exampleReport(), plan),
  failing: htmlPage(failing, plan),
  "without an answer": htmlPage(
    exampleReport({ latenciesMs: [], intervals: [], failures: [exampleFailure()] }),
    plan,
  ),
  closed: htmlPage(
    exampleReport({ loop: "closed", rate: { intended: undefined, achieved: 10 } }),
    createPlan({ ...plan, pace: { kind: "closed", concurrency: 4, durationMs: 1000 } }),
  ),
};

for (const [name, page] of Object.entries(pages)) {
  test(`the page of a run, ${name}, asks nobody for anything and runs nothing`, () => {
    assert.ok(!/<script|<link|<img|@import|url\(|\bhref=|\bsrc=|\bon[a-z]+=/i.test(page));
    assert.ok(!/ style=/.test(page), "the policy would refuse it");
    const style = /<style>([^<]*)<\/style>/.exec(page)?.[1] ?? "";
    const hash = createHash("sha256").update(style).digest("base64");
    assert.ok(page.includes(`content="default-src 'none'; style-src 'sha256-${hash}'"`));
  });

  test(`every number of the page of a run, ${name}, is one`, () => {
    assert.ok(
      !/NaN|Infinity|undefined|null/.test(page),
      /.{40}(NaN|Infinity|undefined|null).{40}/.exec(page)?.[0],
    );
  });

  test(`elements of the page of a run, ${name}, are closed, and no id stands twice`, () => {
    assert.deepEqual(unbalanced(page), []);
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    assert.equal(new Set(ids).size, ids.length);
    for (const [, labels = ""] of page.matchAll(/aria-labelledby="([^"]+)"/g))
      for (const id of labels.split(" ")) assert.ok(ids.includes(id), id);
  });
}

test("what a server sent stands on the page as text", () => {
  assert.ok(pages.failing.includes("&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;"));
});

test("a run without a good answer has no latency", () => {
  assert.ok(pages["without an answer"].includes("No request had a good answer"));
  assert.ok(!pages["without an answer"].includes("Latency by percentile"));
});

test("a failing second has a bar, and one that failed nothing says so", () => {
  const intervals = [exampleInterval(), exampleInterval({ fromMs: 1000, failed: 1 })];
  const page = htmlPage(exampleReport({ intervals, failures: [exampleFailure()] }), plan);
  assert.equal(page.match(/<rect class="failed"/g)?.length, 2, "one in each size");
  assert.ok(pages.good.includes("no request failed"));
});

/** Names of elements that were not closed in the order in which they were opened. */
function unbalanced(page: string): string[] {
  const open: string[] = [];
  for (const [, end, name = "", , selfClosed] of page.matchAll(/<(\/?)([a-z][a-z0-9]*)\b([^>]*?)(\/?)>/gi)) {
    if (["meta", "br"].includes(name) || selfClosed === "/") continue;
    if (end !== "/") open.push(name);
    else if (open.at(-1) === name) open.pop();
    else return [name];
  }
  return open;
}
