import type { LoadPlan } from "../plan.ts";

/** A usable plan, to be changed by a test. */
export function examplePlan(changes: Partial<LoadPlan> = {}): LoadPlan {
  return {
    targets: [
      {
        name: "service",
        via: { kind: "tcp", host: "127.0.0.1", port: 8080 },
        hostHeader: "shop.example",
        path: "/",
      },
    ],
    ratePerSecond: 400,
    clients: ["keep-alive", "new-connection"],
    methods: ["GET", "POST"],
    keepAliveConnections: 2,
    connectTimeoutMs: 400,
    responseTimeoutMs: 400,
    sourceAddresses: [],
    goodStatus: [200, 399],
    recordHeaders: ["x-pod-name"],
    seed: 7,
    maxDurationMs: 10_000,
    maxLagP99Ms: 10,
    ...changes,
  };
}
