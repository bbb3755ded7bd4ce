import { createPlan } from "../plan/create-plan.ts";
import type { LoadPlan, RequestTemplate } from "../plan/plan.ts";
import { steadyPace } from "../plan/steady-pace.ts";

/** A usable plan, to be changed by a test. */
export function examplePlan(changes: Partial<LoadPlan> = {}): LoadPlan {
  return createPlan({
    targets: [
      {
        name: "service",
        via: { kind: "tcp", host: "127.0.0.1", port: 8080 },
        hostHeader: "shop.example",
        path: "/",
      },
    ],
    pace: steadyPace(400, 10_000),
    clients: ["keep-alive", "new-connection"],
    requests: getAndPost,
    keepAliveConnections: 2,
    connectTimeoutMs: 400,
    responseTimeoutMs: 400,
    expect: { status: [[200, 399]], echoHeader: "x-seaworthy-echo" },
    recordHeaders: ["x-pod-name"],
    seed: 7,
    ...changes,
  });
}

/** A GET and a POST that both carry the request's token. */
export const getAndPost: readonly RequestTemplate[] = [
  { method: "GET", headers: [["x-token", "{{token}}"]] },
  { method: "POST", headers: [["x-token", "{{token}}"]], body: '{"token":"{{token}}"}' },
];
