import { isToken } from "../http/is-token.ts";
import { isIP } from "node:net";
import { SeaworthyError } from "@seaworthy/errors";
import { isOwnHeader } from "./is-own-header.ts";
import type { Expectation, LoadPlan, Pace, RequestTemplate, StreamKind, Target } from "./plan.ts";
import { requestsTo } from "./schedule.ts";
import { carriesStream, streamTargets } from "./stream-targets.ts";

/** One thing that is wrong with a plan. */
interface Problem {
  readonly field: string;
  readonly message: string;
}

/** Throws SW5001 when the plan cannot be run; it names the first field that is wrong, and lists every other. */
export function validatePlan(plan: LoadPlan, { canDial }: { readonly canDial: boolean }): void {
  const problems = [
    ...paceProblems(plan.pace),
    ...numberProblems(plan),
    ...listProblems(plan),
    ...expectationProblems(plan),
    ...targetProblems(plan, canDial),
    ...requestProblems(plan),
    ...streamProblems(plan),
    ...workerProblems(plan),
  ];
  const [first] = problems;
  if (!first) return;
  throw new SeaworthyError("SW5001", `${first.field} ${first.message}`, {
    field: first.field,
    seen: problems.map(({ field, message }) => `${field} ${message}`),
    next: [`change ${first.field}`],
  });
}

const highestRate = 500_000;
const longestMs = 7 * 24 * 3_600_000;
/** Each combination of target, client and request is drawn in blocks of this size at most. */
const largestBlock = 100_000;

interface Limits {
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
}

const limits: readonly (readonly [keyof LoadPlan, min: number, max: number, whole: boolean])[] = [
  ["maxRequests", 1, Number.MAX_SAFE_INTEGER, true],
  ["keepAliveConnections", 1, 65_536, true],
  ["maxUses", 1, Number.MAX_SAFE_INTEGER, true],
  ["maxAgeMs", 1, longestMs, false],
  ["connectTimeoutMs", 1, 600_000, false],
  ["responseTimeoutMs", 1, 3_600_000, false],
  ["maxInFlight", 1, 1_000_000, true],
  ["workers", 1, 64, true],
  ["settleMs", 0, 600_000, false],
  ["maxLagP99Ms", 0.001, 60_000, false],
  ["seed", Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, true],
];

function* numberProblems(plan: LoadPlan): Generator<Problem> {
  for (const [field, min, max, whole] of limits) {
    const value = plan[field];
    if (field === "maxRequests" && value === undefined) continue;
    yield* numberProblem(field, value, { min, max, whole });
  }
}

function* numberProblem(field: string, value: unknown, { min, max, whole }: Limits): Generator<Problem> {
  const isGood =
    typeof value === "number" && value >= min && value <= max && (!whole || Number.isInteger(value));
  if (!isGood)
    yield { field, message: `must be ${whole ? "a whole number" : "a number"} from ${min} to ${max}` };
}

function* paceProblems(pace: Pace): Generator<Problem> {
  const duration = { min: 1, max: longestMs, whole: false };
  if (pace.kind === "closed") {
    yield* numberProblem("pace.concurrency", pace.concurrency, { min: 1, max: 65_536, whole: true });
    yield* numberProblem("pace.durationMs", pace.durationMs, duration);
    return;
  }
  if (pace.stages.length === 0) yield { field: "pace.stages", message: "must have at least one stage" };
  let expected = 0;
  for (const [i, { fromRate, toRate, durationMs }] of pace.stages.entries()) {
    const rate = { min: 0, max: highestRate, whole: false };
    yield* numberProblem(`pace.stages[${i}].fromRate`, fromRate, rate);
    yield* numberProblem(`pace.stages[${i}].toRate`, toRate, rate);
    yield* numberProblem(`pace.stages[${i}].durationMs`, durationMs, duration);
    expected += ((fromRate + toRate) / 2) * (durationMs / 1_000);
  }
  if (pace.stages.length > 0 && !(expected >= 1))
    yield { field: "pace.stages", message: "are too short for a single request at these rates" };
}

function* listProblems(plan: LoadPlan): Generator<Problem> {
  yield* choiceProblems("clients", plan.clients, ["keep-alive", "new-connection", "max-uses", "max-age"]);
  for (const [i, address] of plan.sourceAddresses.entries()) {
    if (isIP(address) === 0)
      yield { field: `sourceAddresses[${i}]`, message: `is not an IP address: ${address}` };
  }
  for (const [i, name] of plan.recordHeaders.entries()) yield* lowerCaseName(`recordHeaders[${i}]`, name);
  const { againAfterMs } = plan.dns;
  if (againAfterMs !== undefined)
    yield* numberProblem("dns.againAfterMs", againAfterMs, { min: 0, max: longestMs, whole: false });
}

function* choiceProblems(
  field: string,
  values: readonly string[],
  choices: readonly string[],
): Generator<Problem> {
  if (values.length === 0) yield { field, message: `must name at least one of ${choices.join(", ")}` };
  if (new Set(values).size < values.length) yield { field, message: "names one twice" };
  for (const [i, value] of values.entries()) {
    if (!choices.includes(value))
      yield { field: `${field}[${i}]`, message: `must be one of ${choices.join(", ")}` };
  }
}

function* expectationProblems({ expect }: LoadPlan): Generator<Problem> {
  yield* statusProblems("expect.status", expect.status);
  for (const [i, { name, pattern }] of (expect.headers ?? []).entries()) {
    if (!isToken(name))
      yield { field: `expect.headers[${i}].name`, message: `is not a header name: ${name}` };
    if (pattern !== undefined) yield* patternProblem(`expect.headers[${i}].pattern`, pattern);
  }
  if (expect.body !== undefined && "pattern" in expect.body)
    yield* patternProblem("expect.body.pattern", expect.body.pattern);
  if (expect.echoHeader !== undefined) yield* lowerCaseName("expect.echoHeader", expect.echoHeader);
}

const statuses = { min: 100, max: 999 };
/** Of gRPC: https://github.com/grpc/grpc/blob/master/doc/statuscodes.md */
const codes = { min: 0, max: 16 };

function* statusProblems(
  field: string,
  ranges: Expectation["status"],
  { min, max } = statuses,
): Generator<Problem> {
  if (ranges.length === 0) yield { field, message: "must have at least one range" };
  for (const [i, [from, to]] of ranges.entries()) {
    if (!(from >= min && to <= max && from <= to))
      yield { field: `${field}[${i}]`, message: `must be a range within ${min} to ${max}` };
  }
}

function* patternProblem(field: string, pattern: string): Generator<Problem> {
  try {
    RegExp(pattern);
  } catch (error) {
    yield { field, message: `is not a regular expression: ${(error as Error).message}` };
  }
}

/** A token of RFC 9110, section 5.6.2. */

function* lowerCaseName(field: string, name: string): Generator<Problem> {
  if (!isToken(name) || name !== name.toLowerCase())
    yield { field, message: `is not a header name in lower case: ${name}` };
}

function* targetProblems(plan: LoadPlan, canDial: boolean): Generator<Problem> {
  const { targets } = plan;
  if (targets.length === 0) yield { field: "targets", message: "must have at least one target" };
  if (new Set(targets.map(({ name }) => name)).size < targets.length) {
    yield { field: "targets", message: "has two targets of one name" };
  }
  for (const [i, target] of targets.entries()) {
    const { via, hostHeader, path, weight, status } = target;
    const field = `targets[${i}]`;
    if (plan.requests.length > 0 && requestsTo(target, plan).length === 0)
      yield {
        field: target.methods === undefined ? field : `${field}.methods`,
        message: "leaves the target without a request: none has one of its methods and is for it",
      };
    if (status !== undefined) yield* statusProblems(`${field}.status`, status);
    if (via.kind === "dialed" && !canDial)
      yield { field: `${field}.via`, message: "is dialed, and no dial function was given" };
    if (via.kind === "unix" && via.path === "") yield { field: `${field}.via.path`, message: "is empty" };
    if (via.kind === "tcp") {
      if (via.host === "") yield { field: `${field}.via.host`, message: "is empty" };
      yield* numberProblem(`${field}.via.port`, via.port, { min: 1, max: 65_535, whole: true });
    }
    // A text in the request's head must not be able to end a line there.
    if (!/^[\x21-\x7e]+$/.test(hostHeader))
      yield { field: `${field}.hostHeader`, message: "must be printable ASCII without spaces" };
    yield* pathProblem(`${field}.path`, path);
    yield* weightProblem(`${field}.weight`, weight);
  }
}

function* pathProblem(field: string, path: string): Generator<Problem> {
  if (!/^\/[\x21-\x7e]*$/.test(path))
    yield { field, message: "must begin with / and be printable ASCII without spaces" };
}

function* weightProblem(field: string, weight: number | undefined): Generator<Problem> {
  if (weight !== undefined) yield* numberProblem(field, weight, { min: 1, max: 1_000, whole: true });
}

function* requestProblems({ requests, targets }: LoadPlan): Generator<Problem> {
  if (requests.length === 0) yield { field: "requests", message: "must have at least one request" };
  for (const [i, request] of requests.entries()) {
    const { method, path, headers = [], weight, status, grpc = false } = request;
    const field = `requests[${i}]`;
    // After a CONNECT the connection does not carry HTTP any more.
    if (!isToken(method) || method === "CONNECT")
      yield { field: `${field}.method`, message: `is not a method that can be sent: ${method}` };
    if (path !== undefined) yield* pathProblem(`${field}.path`, path);
    yield* headerProblems(`${field}.headers`, headers);
    yield* weightProblem(`${field}.weight`, weight);
    if (status !== undefined) yield* statusProblems(`${field}.status`, status, grpc ? codes : statuses);
    const old = grpc
      ? targets.find((target) => target.protocol !== "h2" && takes(target, request))
      : undefined;
    if (old !== undefined)
      yield { field: `${field}.grpc`, message: `is sent to ${old.name}, which does not speak h2` };
  }
}

const streamKinds: readonly StreamKind[] = ["sse", "websocket", "grpc"];
/** More streams than one process holds beside its schedule. */
const mostStreams = 1_000;

function* streamProblems(plan: LoadPlan): Generator<Problem> {
  for (const [i, stream] of plan.streams.entries()) {
    const field = `streams[${i}]`;
    const { kind, path, headers = [], connections } = stream;
    if (!streamKinds.includes(kind))
      yield { field: `${field}.kind`, message: `must be one of ${streamKinds.join(", ")}` };
    yield* pathProblem(`${field}.path`, path);
    yield* headerProblems(`${field}.headers`, headers);
    yield* numberProblem(`${field}.connections`, connections, { min: 1, max: mostStreams, whole: true });
    const targets = streamTargets(stream, plan);
    const isCall = kind === "grpc";
    if (targets.length === 0)
      yield { field: `${field}.targets`, message: `has no target that speaks ${isCall ? "h2" : "HTTP/1.1"}` };
    const other = targets.find((target) => !carriesStream(target, kind));
    if (other !== undefined)
      yield {
        field: `${field}.targets`,
        message: isCall
          ? `has ${other.name}, which does not speak h2`
          : `has ${other.name}, which speaks HTTP/2, over which no stream of ${kind} is opened`,
      };
  }
}

function* headerProblems(
  field: string,
  headers: readonly (readonly [name: string, value: string])[],
): Generator<Problem> {
  for (const [name, value] of headers) {
    if (!isToken(name)) yield { field, message: `has a name that is not a header name: ${name}` };
    if (isOwnHeader(name)) yield { field, message: `cannot set ${name}: it follows from the plan` };
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
      yield { field, message: `has a value for ${name} that HTTP cannot carry` };
  }
}

function takes(target: Target, request: RequestTemplate): boolean {
  return requestsTo(target, { requests: [request] }).length > 0;
}

function* workerProblems({ targets, clients, requests, workers, pace }: LoadPlan): Generator<Problem> {
  const sum = (parts: readonly { readonly weight?: number }[]): number =>
    parts.reduce((total, { weight = 1 }) => total + weight, 0);
  if (sum(targets) * sum(requests) * clients.length > largestBlock)
    yield {
      field: "targets",
      message: `have, with the requests, weights of more than ${largestBlock} together`,
    };
  const isDialed = targets.some(({ via }) => via.kind === "dialed");
  if (isDialed && workers > 1) yield { field: "workers", message: "must be 1 for targets that are dialed" };
  if (isDialed && targets.some(({ tls, via }) => via.kind === "dialed" && tls !== undefined))
    yield { field: "targets", message: "that are dialed cannot have tls" };
  if (pace.kind === "closed" && workers > pace.concurrency)
    yield { field: "workers", message: "must not be more than pace.concurrency" };
}
