import { statusName } from "../http/grpc-status.ts";
import type { Expectation, LoadPlan, Pace, RequestTemplate, Target } from "../plan/plan.ts";
import { countText, durationText, rateText } from "./number-text.ts";
import { withoutSecrets } from "./plan-as-data.ts";

/** A plan for people, a line for each setting. Like the data, it shows no header value, no body and no key. */
export function planRows(plan: LoadPlan): [name: string, value: string][] {
  return [
    ["pace", paceText(plan.pace)],
    ...(plan.maxRequests === undefined
      ? []
      : [["ends after", `${countText(plan.maxRequests)} requests`] as [string, string]]),
    ["targets", plan.targets.map((target) => targetText(target)).join("; ")],
    ["requests", requestsText(plan.requests)],
    ...(plan.streams.length === 0
      ? []
      : [["streams", plan.streams.map((each) => streamText(each)).join("; ")] as [string, string]]),
    ["clients", plan.clients.map((client) => clientText(client, plan)).join("; ")],
    [
      "good is",
      `status ${statusText(plan.expect.status)}${plan.expect.headers === undefined ? "" : `, headers ${plan.expect.headers.map(({ name }) => name).join(", ")}`}${plan.expect.body === undefined ? "" : ", a body as expected"}`,
    ],
    [
      "timeouts",
      `connect ${durationText(plan.connectTimeoutMs)}, response ${durationText(plan.responseTimeoutMs)}`,
    ],
    ["most in flight", countText(plan.maxInFlight)],
    ...(plan.sourceAddresses.length === 0
      ? []
      : [["sent from", plan.sourceAddresses.join(", ")] as [string, string]]),
    ["seed", String(plan.seed)],
  ];
}

/** `1,000/s for 30 s, then 100/s to 500/s in 1 min`. */
export function paceText(pace: Pace): string {
  if (pace.kind === "closed")
    return `closed loop of ${countText(pace.concurrency)} clients for ${durationText(pace.durationMs)}`;
  const stages = pace.stages.map(({ fromRate, toRate, durationMs }) =>
    fromRate === toRate
      ? `${rateText(fromRate)} for ${durationText(durationMs)}`
      : `${rateText(fromRate)} to ${rateText(toRate)} in ${durationText(durationMs)}`,
  );
  return `${stages.join(", then ")}${pace.arrivals === "poisson" ? ", at random times (Poisson)" : ""}`;
}

function statusText(ranges: Expectation["status"]): string {
  return ranges
    .map(([from, to]) => (from === to ? statusName(from) : `${statusName(from)} to ${statusName(to)}`))
    .join(", ");
}

function targetText({ name, via, tls, protocol, path, weight, methods, status }: Target): string {
  const where = via.kind === "unix" ? ` on ${via.path}` : "";
  const secure =
    tls === undefined ? "" : `, TLS${tls.insecure === true ? " without checking certificates" : ""}`;
  return `${name}${withoutSecrets(path)}${where}${secure}${protocol === "h2" ? ", HTTP/2" : ""}${weight === undefined ? "" : `, weight ${weight}`}${methods === undefined ? "" : `, ${methods.join(" and ")} only`}${status === undefined ? "" : `, good is status ${statusText(status)}`}`;
}

/** A recorded mix may have hundreds. */
const mostRequests = 20;

function requestsText(requests: LoadPlan["requests"]): string {
  const told = requests.slice(0, mostRequests).map((request) => requestText(request));
  const more = requests.length - told.length;
  return [...told, ...(more > 0 ? [`and ${countText(more)} more`] : [])].join("; ");
}

function requestText({ method, path, headers, body, weight, status, grpc }: RequestTemplate): string {
  const names = (headers ?? []).map(([name]) => name);
  return [
    path === undefined ? method : `${grpc === true ? "gRPC" : method} ${withoutSecrets(path)}`,
    ...(weight === undefined ? [] : [`weight ${weight}`]),
    ...(names.length === 0 ? [] : [`with ${names.join(", ")}`]),
    ...(body === undefined ? [] : [`${countText(Buffer.byteLength(body))} bytes of body`]),
    ...(status === undefined ? [] : [`good is status ${statusText(status)}`]),
  ].join(", ");
}

function streamText({ kind, path, connections, targets }: LoadPlan["streams"][number]): string {
  const where = targets === undefined ? "" : ` at ${targets.join(" and ")}`;
  return `${countText(connections)} of ${kind} ${withoutSecrets(path)}${where}`;
}

function clientText(client: LoadPlan["clients"][number], plan: LoadPlan): string {
  const pool = `${countText(plan.keepAliveConnections)} connections`;
  switch (client) {
    case "keep-alive":
      return `keep-alive over ${pool}`;
    case "new-connection":
      return "a new connection for each request";
    case "max-uses":
      return `${pool}, each for ${countText(plan.maxUses)} requests`;
    case "max-age":
      return `${pool}, each for ${durationText(plan.maxAgeMs)}`;
  }
}
