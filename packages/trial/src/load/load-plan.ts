import { goodStatuses } from "@seaworthy/targets";
import { createPlan, steadyPace, type LoadPlan, type RequestTemplate } from "@seaworthy/load";
import type { PreparedTrial } from "../prepare-trial.ts";

/** What the trial asks of the load generator. Longer than an edge's own connect timeout would hide a black hole, shorter would invent one. */
export function loadPlan({ request, resolved, streams, environment }: PreparedTrial): LoadPlan {
  const { ratePerSecond, sourceAddresses, seed } = request;
  return createPlan({
    targets: resolved.targets,
    requests: resolved.requests?.map((each) => withToken(each)) ?? usualRequests(resolved),
    streams,
    clients: ["keep-alive", "new-connection"],
    pace: steadyPace(ratePerSecond, longestTrialMs),
    connectTimeoutMs: 3_000,
    responseTimeoutMs: 15_000,
    sourceAddresses: environment.kind === "kubeconfig" ? sourceAddresses : [],
    expect: { status: goodStatuses, echoHeader: "x-seaworthy-echo" },
    recordHeaders: ["x-pod-name"],
    maxAnswers: 200_000,
    seed,
    maxLagP99Ms: 50,
    workers: 1,
  });
}

/** No scenario takes longer. */
export const longestTrialMs = 3_600_000;

function usualRequests({ methods, calls, targets }: PreparedTrial["resolved"]): RequestTemplate[] {
  const called = new Set(calls.flatMap((each) => each.targets ?? []));
  const plain = targets.map(({ name }) => name).filter((name) => !called.has(name));
  const only = calls.length === 0 ? {} : { targets: plain };
  return [
    ...methods.map((method) => ({ ...usualRequest(method), ...only })),
    ...calls.map((each) => withToken(each)),
  ];
}

/** What is asked where nobody said what users ask. */
export function usualRequest(method: string): RequestTemplate {
  if (method === "GET") return withToken({ method });
  const body = '{"token":"{{token}}","from":"seaworthy-load"}';
  return withToken({ method, headers: [["content-type", "application/json"]], body });
}

/** Each request carries a text of its own, so that an answer to another request can be told. */
function withToken(request: RequestTemplate): RequestTemplate {
  return { ...request, headers: [["x-seaworthy-token", "{{token}}"], ...(request.headers ?? [])] };
}
