import assert from "node:assert/strict";
import { test } from "node:test";
import { pageBeside, reportFile } from "./write-report.ts";

test("a report and its page have the same name, whichever of them was named", () => {
  for (const named of ["out/run.json", "out/run.html"]) {
    assert.equal(reportFile(named), "out/run.json");
    assert.equal(pageBeside(reportFile(named)), "out/run.html");
  }
  assert.equal(reportFile("run"), "run");
  assert.equal(pageBeside("run"), "run.html");
});
