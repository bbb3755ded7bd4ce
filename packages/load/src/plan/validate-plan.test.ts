import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SeaworthyError } from "@seaworthy/errors";
import { grpcCall } from "./grpc-call.ts";
import type { LoadPlan, RequestTemplate, Stage, StreamTemplate, Target } from "./plan.ts";
import { examplePlan } from "../testing/example-plan.ts";
import { validatePlan } from "./validate-plan.ts";

const [target] = examplePlan().targets as [Target];
const withTarget = (changes: Partial<Target>): Partial<LoadPlan> => ({
  targets: [{ ...target, ...changes }],
});

const withRequest = (changes: Partial<RequestTemplate>): Partial<LoadPlan> => ({
  requests: [{ method: "GET", ...changes }],
});
const withStream = (changes: Partial<StreamTemplate>): Partial<LoadPlan> => ({
  streams: [{ kind: "sse", path: "/events", connections: 2, ...changes }],
});
const withStage = (changes: Partial<Stage>): Partial<LoadPlan> => ({
  pace: {
    kind: "open",
    arrivals: "constant",
    stages: [{ fromRate: 10, toRate: 10, durationMs: 1_000, ...changes }],
  },
});

const refused: readonly (readonly [field: string, changes: Partial<LoadPlan>])[] = [
  ["pace.stages", withStage({ fromRate: 0, toRate: 0 })],
  ["pace.stages", { pace: { kind: "open", arrivals: "poisson", stages: [] } }],
  ["pace.stages[0].fromRate", withStage({ fromRate: Number.NaN })],
  ["pace.stages[0].toRate", withStage({ toRate: 1e9 })],
  ["pace.stages[0].durationMs", withStage({ durationMs: 0 })],
  ["pace.concurrency", { pace: { kind: "closed", concurrency: 0, durationMs: 1_000 } }],
  ["maxRequests", { maxRequests: 0 }],
  ["keepAliveConnections", { keepAliveConnections: 1.5 }],
  ["maxUses", { maxUses: 0 }],
  ["connectTimeoutMs", { connectTimeoutMs: -1 }],
  ["expect.status[0]", { expect: { status: [[399, 200]] } }],
  ["expect.headers[0].pattern", { expect: { status: [[200, 200]], headers: [{ name: "a", pattern: "(" }] } }],
  ["expect.body.pattern", { expect: { status: [[200, 200]], body: { pattern: "[" } } }],
  ["clients", { clients: [] }],
  ["clients", { clients: ["max-age", "max-age"] }],
  ["clients[0]", { clients: ["pipelining" as "max-age"] }],
  ["requests", { requests: [] }],
  ["requests[0].method", withRequest({ method: "CONNECT" })],
  ["requests[0].method", withRequest({ method: "GET /" })],
  ["requests[0].headers", withRequest({ headers: [["Content-Length", "5"]] })],
  ["requests[0].headers", withRequest({ headers: [["x-a", "b\r\nc: d"]] })],
  ["requests[0].headers", withRequest({ headers: [["x a", "b"]] })],
  ["requests[0].weight", withRequest({ weight: 0.5 })],
  ["requests[0].grpc", { requests: [grpcCall("shop.Carts/Get")] }],
  [
    "requests[0].status[0]",
    {
      ...withTarget({ protocol: "h2" }),
      requests: [{ ...grpcCall("shop.Carts/Get"), status: [[200, 299]] }],
    },
  ],
  ["streams[0].kind", withStream({ kind: "quic" as "sse" })],
  ["streams[0].targets", withStream({ kind: "grpc" })],
  ["streams[0].targets", withStream({ kind: "grpc", targets: ["service"] })],
  ["streams[0].path", withStream({ path: "events" })],
  ["streams[0].headers", withStream({ headers: [["Upgrade", "h2c"]] })],
  ["streams[0].connections", withStream({ connections: 1_001 })],
  ["streams[0].targets", withStream({ targets: ["nobody"] })],
  ["streams[0].targets", { ...withTarget({ protocol: "h2" }), ...withStream({ targets: ["service"] }) }],
  ["sourceAddresses[0]", { sourceAddresses: ["localhost"] }],
  ["recordHeaders[0]", { recordHeaders: ["X-Pod-Name"] }],
  ["targets", { targets: [] }],
  ["targets", { targets: [target, target] }],
  ["targets[0].via", withTarget({ via: { kind: "dialed" } })],
  ["targets[0].via.port", withTarget({ via: { kind: "tcp", host: "a", port: 65_536 } })],
  ["targets[0].via.path", withTarget({ via: { kind: "unix", path: "" } })],
  ["targets[0].hostHeader", withTarget({ hostHeader: "a\r\nb: c" })],
  ["targets[0].path", withTarget({ path: "/a b" })],
  ["targets[0].path", withTarget({ path: "a" })],
  ["targets[0].methods", withTarget({ methods: ["PUT"] })],
  ["targets[0].methods", withTarget({ methods: [] })],
  ["targets[0].status", withTarget({ status: [] })],
  [
    "targets[0].status[1]",
    withTarget({
      status: [
        [200, 399],
        [404, 40],
      ],
    }),
  ],
  ["targets[0].weight", withTarget({ weight: 1_001 })],
  ["workers", { workers: 3, pace: { kind: "closed", concurrency: 2, durationMs: 1_000 } }],
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
      () => validatePlan(examplePlan({ ...withStage({ fromRate: -1 }), clients: [] }), { canDial: false }),
      (error) =>
        error instanceof SeaworthyError &&
        (error.details.seen ?? []).some((line) => line.startsWith("clients")),
    );
  });
});
