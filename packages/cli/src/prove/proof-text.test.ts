import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeProof, type Trials } from "./proof.ts";
import type { Tried } from "./tried.ts";
import { plainPaint } from "../output/paint.ts";
import { proofText } from "./proof-text.ts";

const tried = (shop: number, cart: number): Tried => ({
  requests: 3_000,
  lost: shop + cart,
  podEnds: 4,
  deployments: new Map([
    ["shop", { lost: shop, podEnds: 2 }],
    ["cart", { lost: cart, podEnds: 2 }],
  ]),
  causes: [],
  badEnds: [],
  doubt: undefined,
  standIns: ["cart:1"],
});

function finding(rule: string, line: number, more: Omit<Trials["findings"][number], "found">) {
  const place = { file: "k8s/app.yaml", line, column: 1 };
  const object = "StatefulSet store";
  return {
    found: { rule, severity: "warning", message: "", seen: [], next: [], place, object } as const,
    ...more,
  };
}
const findings = [
  finding("no-drain", 20, { deployment: "shop", mend: "--fix" }),
  finding("readiness-missing", 20, { deployment: "shop", mend: undefined }),
  finding("recreate", 45, { deployment: "cart", mend: "--fix --unsafe" }),
  finding("no-drain", 80, { deployment: undefined, mend: "--fix" }),
];

test("losses are told Deployment by Deployment, with the findings in each, and last what that shows", () => {
  const proof = judgeProof({ findings, errors: [], asItIs: tried(15, 4), asFixed: tried(0, 0) });
  assert.equal(
    proofText(proof, { paint: plainPaint, width: 80 }),
    `                                        as it is              as fixed
  Deployment shop                       7.5 lost per pod end  0 lost per pod end
    no-drain           k8s/app.yaml:20                        --fix
    readiness-missing  k8s/app.yaml:20                        by hand
  Deployment cart                       2 lost per pod end    0 lost per pod end
    recreate           k8s/app.yaml:45                        --fix --unsafe
  StatefulSet store                     not tried             not tried
    no-drain           k8s/app.yaml:80

stand-in   run as stand-ins, so that this tries the manifests, not the apps:
           cart:1

PROVED     4.8 lost per pod end → 0: 19 of 3,000 requests in 4 pod ends, then
           none of 3,000 requests in 4 pod ends
`,
  );
});

test("a late trial shows no numbers, and no line is wider than the screen", () => {
  const doubt = "requests were sent late; the process that dials stood still for 3113 ms";
  const proof = judgeProof({
    findings: findings.slice(0, 1),
    errors: [],
    asItIs: { ...tried(15, 4), doubt },
  });
  const text = proofText(proof, { paint: plainPaint, width: 80 });
  assert.doesNotMatch(text, /15|7\.5/);
  assert.match(text, /Deployment shop +in doubt\n/);
  assert.match(text, /\nPROVES NOTHING {2}as it is: requests were sent late; .*\n {16}/);
});

test("where paths make the table wider than the screen, the names of files stand there", () => {
  const proof = judgeProof({ findings, errors: [], asItIs: tried(15, 4), asFixed: tried(0, 0) });
  const text = proofText(proof, { paint: plainPaint, width: 79 });
  assert.match(text, /no-drain +app\.yaml:20 /);
  assert.ok(text.split("\n").every((line) => line.length <= 79));
});
