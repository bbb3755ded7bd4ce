import assert from "node:assert/strict";
import { test } from "node:test";
import { SeaworthyError } from "@seaworthy/errors";
import { judgeProof, type Trials } from "./proof.ts";
import type { Tried } from "./tried.ts";

const clean: Tried = {
  requests: 3_118,
  lost: 0,
  podEnds: 2,
  deployments: new Map([["shop", { lost: 0, podEnds: 2 }]]),
  causes: [],
  badEnds: [],
  doubt: undefined,
  standIns: [],
};
const leaking: Tried = {
  ...clean,
  requests: 3_120,
  lost: 15,
  causes: [{ cause: "port-closed-before-endpoint-removed", deployment: "shop", count: 15 }],
};
const found = { rule: "no-drain", severity: "warning", message: "", seen: [], next: [] } as const;
const finding: Trials["findings"][number] = { found, deployment: "shop", mend: "--fix" };

function judged(trials: Partial<Trials>): [outcome: string, text: string] {
  const { outcome, text } = judgeProof({ findings: [finding], errors: [], ...trials });
  return [outcome, text];
}

test("a loss that is gone as fixed is proved, with all numbers", () => {
  assert.deepEqual(judged({ asItIs: leaking, asFixed: clean }), [
    "proved",
    "7.5 lost per pod end → 0: 15 of 3,120 requests in 2 pod ends, then none of 3,118 requests in 2 pod ends",
  ]);
});

test("how pods end badly is told also where no request met it", () => {
  const badEnds = ["2 of 2 pods were killed"];
  const [outcome, text] = judged({ asItIs: leaking, asFixed: { ...clean, badEnds } });
  assert.equal(outcome, "proved");
  assert.match(text, /; 2 of 2 pods were killed$/);
});

test("what is lost as fixed is told by its causes", () => {
  const [outcome, text] = judged({ asItIs: leaking, asFixed: { ...leaking, lost: 1, podEnds: 20 } });
  assert.equal(outcome, "not-enough");
  assert.match(
    text,
    /^7\.5 lost per pod end → under 0\.1: .*; 15 by port-closed-before-endpoint-removed in Deployment shop; seaworthy trial says/,
  );
});

test("a loss that nothing mends, and no loss, are no proof", () => {
  assert.equal(judged({ asItIs: leaking })[0], "not-mended");
  assert.equal(judged({ asItIs: clean })[0], "nothing-lost");
  assert.deepEqual(judged({ findings: [] })[0], "nothing-to-try");
});

test("a late trial proves nothing, whichever it is and whatever it lost", () => {
  const doubt = "requests were sent late";
  assert.match(
    judged({ asItIs: { ...leaking, doubt } }).join(" "),
    /^proves-nothing as it is: requests were sent late$/,
  );
  assert.match(
    judged({ asItIs: leaking, asFixed: { ...clean, doubt } }).join(" "),
    /^proves-nothing as fixed: /,
  );
});

test("a trial that could not be made is told with which manifests", () => {
  const errors = [new SeaworthyError("SW1301", "Deployment shop asks for hostPath /", { next: [] })];
  assert.deepEqual(judged({ errors }), [
    "not-tried",
    "the manifests could not be tried as they are: Deployment shop asks for hostPath /",
  ]);
  assert.match(judged({ asItIs: leaking, errors })[1], /could not be tried as fixed/);
});
