import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SeaworthyError } from "@seaworthy/errors";
import type { LoadPlan, Target } from "./plan.ts";
import { examplePlan } from "./testing/example-plan.ts";
import { validatePlan } from "./validate-plan.ts";

const [target] = examplePlan().targets as [Target];
const withTarget = (changes: Partial<Target>): Partial<LoadPlan> => ({
  targets: [{ ...target, ...changes }],
});

const refused: readonly (readonly [field: string, changes: Partial<LoadPlan>])[] = [
  ["ratePerSecond", { ratePerSecond: 0 }],
  ["ratePerSecond", { ratePerSecond: Number.NaN }],
  ["keepAliveConnections", { keepAliveConnections: 1.5 }],
  ["connectTimeoutMs", { connectTimeoutMs: -1 }],
  ["maxDurationMs", { maxDurationMs: 1 }],
  ["goodStatus", { goodStatus: [399, 200] }],
  ["clients", { clients: [] }],
  ["methods", { methods: ["GET", "GET"] }],
  ["methods[0]", { methods: ["PUT" as "GET"] }],
  ["sourceAddresses[0]", { sourceAddresses: ["localhost"] }],
  ["recordHeaders[0]", { recordHeaders: ["X-Pod-Name"] }],
  ["targets", { targets: [] }],
  ["targets", { targets: [target, target] }],
  ["targets[0].via", withTarget({ via: { kind: "dialed" } })],
  ["targets[0].via.port", withTarget({ via: { kind: "tcp", host: "a", port: 65_536 } })],
  ["targets[0].hostHeader", withTarget({ hostHeader: "a\r\nb: c" })],
  ["targets[0].path", withTarget({ path: "/a b" })],
  ["targets[0].path", withTarget({ path: "a" })],
];

describe("validatePlan", () => {
  it("takes a usable plan", () => {
    validatePlan(examplePlan(), { canDial: false });
    validatePlan(examplePlan(withTarget({ via: { kind: "dialed" } })), { canDial: true });
  });

  for (const [field, changes] of refused) {
    it(`names ${field} in ${JSON.stringify(changes)}`, () => {
      assert.throws(
        () => validatePlan(examplePlan(changes), { canDial: false }),
        (error) =>
          error instanceof SeaworthyError && error.code === "SW5001" && error.details.field === field,
      );
    });
  }

  it("lists every problem at once", () => {
    assert.throws(
      () => validatePlan(examplePlan({ ratePerSecond: -1, clients: [] }), { canDial: false }),
      (error) =>
        error instanceof SeaworthyError &&
        (error.details.seen ?? []).some((line) => line.startsWith("clients")),
    );
  });
});
