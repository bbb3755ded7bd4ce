import assert from "node:assert/strict";
import { test } from "node:test";
import { SeaworthyError } from "@seaworthy/errors";
import { createPlan, targetOf, type Pace } from "@seaworthy/load";
import { askForPublicLoad } from "./ask-for-public-load.ts";

// Nothing is sent to any of these.
const publicUrl = "http://1.1.1.1/";
const privateUrls = ["http://127.0.0.1/", "http://10.1.2.3/", "http://[::1]/", "http://localhost/"];

function planFor(url: string, pace: Pace) {
  return createPlan({ targets: [targetOf(url)], pace });
}

const atRate = (rate: number): Pace => ({
  kind: "open",
  arrivals: "constant",
  stages: [{ fromRate: 1, toRate: rate, durationMs: 1000 }],
});
const closed: Pace = { kind: "closed", concurrency: 1, durationMs: 1000 };
const isAsked = (error: unknown) => error instanceof SeaworthyError && error.details.field === "--yes";

test("more than 1,000/s to an address that is not private has to be meant", async () => {
  await assert.rejects(askForPublicLoad(planFor(publicUrl, atRate(1_001)), false), isAsked);
  await assert.rejects(askForPublicLoad(planFor(publicUrl, closed), false), isAsked);
  await askForPublicLoad(planFor(publicUrl, atRate(1_001)), true);
  await askForPublicLoad(planFor(publicUrl, atRate(1_000)), false);
});

test("private addresses and Unix sockets get any load", async () => {
  for (const url of privateUrls) {
    await askForPublicLoad(planFor(url, atRate(100_000)), false);
    await askForPublicLoad(planFor(url, closed), false);
  }
  const plan = planFor(publicUrl, closed);
  const targets = plan.targets.map((target) => ({ ...target, via: { kind: "unix", path: "/x" } as const }));
  await askForPublicLoad({ ...plan, targets }, false);
});
