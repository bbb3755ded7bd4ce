import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleRun } from "../testing/example-run.ts";
import { reportPage } from "./report-page.ts";

test("what advice has between backticks is shown as code, and as text all the same", () => {
  const [first, ...others] = exampleRun.causes;
  assert.ok(first !== undefined);
  const also = "answer with `Connection: <close>` on SIGTERM";
  const page = reportPage({
    ...exampleRun,
    causes: [{ ...first, advice: { ...first.advice, also } }, ...others],
  });
  assert.match(page, /<p>Answer with <code>Connection: &lt;close&gt;<\/code> on SIGTERM<\/p>/);
});
