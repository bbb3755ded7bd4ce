import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SeaworthyError } from "@seaworthy/errors";
import { createPlan, type PlanOptions } from "../plan/create-plan.ts";
import type { LoadPlan, Pace, Target } from "../plan/plan.ts";
import { checkLimits, ephemeralRange, portWarnings } from "./check-limits.ts";

const target = (name: string, port: number, weight = 1): Target => ({
  name,
  via: { kind: "tcp", host: "10.0.0.1", port },
  hostHeader: "shop.example",
  path: "/",
  weight,
});

const steady = (rate: number, durationMs = 600_000): Pace => ({
  kind: "open",
  arrivals: "constant",
  stages: [{ fromRate: rate, toRate: rate, durationMs }],
});

const plan = (changes: Partial<PlanOptions> = {}): LoadPlan =>
  createPlan({ targets: [target("service", 80)], pace: steady(1_000), ...changes });

/** A reader of the file in which Linux tells the limit of open files. */
const limits = (openFiles: number | "unlimited") => (path: string) => {
  assert.equal(path, "/proc/self/limits");
  return `Limit                     Soft Limit           Hard Limit           Units
Max processes             96365                96365                processes
Max open files            ${openFiles}                ${openFiles}                files
Max locked memory         8388608              8388608              bytes
`;
};

/** The least limit with which a plan may run. */
function least(changes: Partial<PlanOptions>): number {
  const error = refusal(plan(changes), 1);
  const [, needed] = /^ulimit -n (\d+)$/.exec(error?.details.next?.[0] ?? "") ?? [];
  assert.equal(refusal(plan(changes), Number(needed)), undefined);
  assert.ok(refusal(plan(changes), Number(needed) - 1));
  return Number(needed);
}

function refusal(plan: LoadPlan, openFiles: number): SeaworthyError | undefined {
  try {
    checkLimits(plan, limits(openFiles));
    return undefined;
  } catch (error) {
    assert.ok(error instanceof SeaworthyError && error.code === "SW5004");
    return error;
  }
}

describe("checkLimits", () => {
  it("counts the pools, what can be in flight beside them, and the process itself", () => {
    const clients = ["keep-alive", "max-age", "new-connection"] as const;
    const targets = [target("a", 80), target("b", 81)];
    assert.equal(
      least({ targets, clients, keepAliveConnections: 100, maxInFlight: 5_000 }),
      64 + 4 * 100 + 5_000,
    );
    assert.equal(
      least({ targets, clients, keepAliveConnections: 100, maxInFlight: 5_000, workers: 2 }),
      64 + 200 + 2_500,
    );
  });

  it("counts no more in flight than can become due before it times out", () => {
    assert.equal(
      least({ pace: steady(10), connectTimeoutMs: 1_000, responseTimeoutMs: 9_000 }),
      64 + 16 + 100,
    );
    assert.equal(least({ pace: steady(10), maxRequests: 30 }), 64 + 16 + 30);
  });

  it("counts the clients of a closed loop", () => {
    const pace: Pace = { kind: "closed", concurrency: 300, durationMs: 1_000 };
    assert.equal(least({ pace, workers: 3 }), 64 + 100);
    assert.equal(least({ pace, clients: ["new-connection"] }), 64 + 300);
    assert.deepEqual(refusal(plan({ pace }), 100)?.details.next, ["ulimit -n 364", "a lower --concurrency"]);
  });

  it("says what to do, with numbers that work", () => {
    const error = refusal(plan({ workers: 2 }), 1_024);
    assert.equal(error?.message, "a load process may need 8,264 open files, and this system allows 1,024");
    assert.deepEqual(error?.details.next, ["ulimit -n 8264", "--max-in-flight 1904"]);
    assert.equal(refusal(plan({ workers: 2, maxInFlight: 1_904 }), 1_024), undefined);
    const pools = plan({ keepAliveConnections: 2_000 });
    assert.deepEqual(refusal(pools, 1_024)?.details.next?.[1], "fewer --connections");
  });

  it("checks nothing where there is no limit, or none is told", () => {
    checkLimits(plan(), limits("unlimited"));
    checkLimits(plan(), () => undefined);
  });
});

describe("portWarnings", () => {
  const range = [32_768, 60_999] as const;
  const warnings = (changes: Partial<PlanOptions>): string[] => portWarnings(plan(changes), range);

  it("warns when ports would be used again within 120 s, with the number of addresses that are needed", () => {
    assert.deepEqual(warnings({ clients: ["new-connection"] }), [
      "120,000 connections to 10.0.0.1:80 in 120 s from one address with 28,232 ports each. A port that is used again within 120 s can lead to a pod that is gone. Give 5 addresses with --source-address.",
    ]);
    const sourceAddresses = ["10.1.0.1", "10.1.0.2", "10.1.0.3", "10.1.0.4"];
    assert.match(
      warnings({ clients: ["new-connection"], sourceAddresses })[0] ?? "",
      / from 4 addresses .* Give 5 /,
    );
    assert.deepEqual(
      warnings({ clients: ["new-connection"], sourceAddresses: [...sourceAddresses, "10.1.0.5"] }),
      [],
    );
  });

  it("does not warn of few connections: a low rate, a short run, a pool", () => {
    assert.deepEqual(warnings({ clients: ["new-connection"], pace: steady(235) }), []);
    assert.deepEqual(warnings({ clients: ["new-connection"], pace: steady(1_000, 28_000) }), []);
    assert.deepEqual(warnings({ clients: ["new-connection"], maxRequests: 28_232 }), []);
    assert.deepEqual(warnings({ clients: ["keep-alive"], pace: steady(100_000) }), []);
    assert.deepEqual(warnings({ clients: ["max-uses"], maxUses: 100, pace: steady(20_000) }), []);
  });

  it("counts pools whose connections are closed after some uses, or at some age", () => {
    assert.match(warnings({ clients: ["max-uses"], maxUses: 3 })[0] ?? "", /^40,000 connections .* Give 2 /);
    const aged = { clients: ["max-age"], keepAliveConnections: 100, maxAgeMs: 200 } as const;
    assert.match(warnings(aged)[0] ?? "", /^60,000 connections .* Give 3 /);
  });

  it("takes each destination by itself, with its share of the requests", () => {
    const targets = [target("a", 80, 1), target("b", 81, 2), target("c", 80, 1)];
    const both = warnings({ targets, clients: ["new-connection", "keep-alive"] });
    assert.deepEqual(
      both.map((text) => text.split(" in ")[0]),
      ["30,000 connections to 10.0.0.1:80", "30,000 connections to 10.0.0.1:81"],
    );
    const socket: Target = { ...target("unix", 1), via: { kind: "unix", path: "/tmp/app" } };
    assert.deepEqual(warnings({ targets: [socket], clients: ["new-connection"] }), []);
  });

  it("warns of a closed loop, whose rate nobody knows", () => {
    const pace: Pace = { kind: "closed", concurrency: 3, durationMs: 60_000 };
    assert.match(
      warnings({ pace, clients: ["new-connection"] })[0] ?? "",
      /more than 235 connections per second/,
    );
    assert.deepEqual(warnings({ pace }), []);
    assert.deepEqual(warnings({ pace, clients: ["new-connection"], maxRequests: 1_000 }), []);
  });
});

describe("ephemeralRange", () => {
  it("is what the system says, else the default of Linux", () => {
    assert.deepEqual(
      ephemeralRange(() => "1024\t65535\n"),
      [1_024, 65_535],
    );
    assert.deepEqual(
      ephemeralRange(() => undefined),
      [32_768, 60_999],
    );
  });
});
