import { isIP } from "node:net";
import { SeaworthyError } from "@seaworthy/errors";
import type { LoadPlan, Target } from "./plan.ts";

/** One thing that is wrong with a plan. */
interface Problem {
  readonly field: string;
  readonly message: string;
}

/** Throws SW5001 when the plan cannot be run; it names the first field that is wrong, and lists every other. */
export function validatePlan(plan: LoadPlan, { canDial }: { readonly canDial: boolean }): void {
  const problems = [...numberProblems(plan), ...listProblems(plan), ...targetProblems(plan.targets, canDial)];
  const [first] = problems;
  if (!first) return;
  throw new SeaworthyError("SW5001", `${first.field} ${first.message}`, {
    field: first.field,
    seen: problems.map(({ field, message }) => `${field} ${message}`),
    next: [`change ${first.field}`],
  });
}

const limits: readonly (readonly [keyof LoadPlan, min: number, max: number, integer: boolean])[] = [
  ["ratePerSecond", 0.001, 200_000, false],
  ["keepAliveConnections", 1, 8_192, true],
  ["connectTimeoutMs", 1, 600_000, false],
  ["responseTimeoutMs", 1, 3_600_000, false],
  ["maxDurationMs", 1, 7 * 24 * 3_600_000, false],
  ["maxLagP99Ms", 0.001, 60_000, false],
  ["seed", Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, true],
];

function* numberProblems(plan: LoadPlan): Generator<Problem> {
  for (const [field, min, max, integer] of limits) {
    const value = plan[field];
    if (
      typeof value !== "number" ||
      !(value >= min && value <= max) ||
      (integer && !Number.isInteger(value))
    ) {
      yield { field, message: `must be ${integer ? "a whole number" : "a number"} from ${min} to ${max}` };
    }
  }
  if ((plan.ratePerSecond * plan.maxDurationMs) / 1000 < 1) {
    yield { field: "maxDurationMs", message: "is too short for a single request at this rate" };
  }
  const [from, to] = plan.goodStatus;
  if (!(from >= 100 && to <= 999 && from <= to))
    yield { field: "goodStatus", message: "must be a range within 100 to 999" };
}

function* listProblems(plan: LoadPlan): Generator<Problem> {
  yield* choiceProblems("clients", plan.clients, ["keep-alive", "new-connection"]);
  yield* choiceProblems("methods", plan.methods, ["GET", "POST"]);
  for (const [i, address] of plan.sourceAddresses.entries()) {
    if (isIP(address) === 0)
      yield { field: `sourceAddresses[${i}]`, message: `is not an IP address: ${address}` };
  }
  for (const [i, name] of plan.recordHeaders.entries()) {
    if (!/^[!#$%&'*+\-.^_`|~0-9a-z]+$/.test(name)) {
      yield { field: `recordHeaders[${i}]`, message: `is not a header name in lower case: ${name}` };
    }
  }
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

function* targetProblems(targets: readonly Target[], canDial: boolean): Generator<Problem> {
  if (targets.length === 0) yield { field: "targets", message: "must have at least one target" };
  if (new Set(targets.map(({ name }) => name)).size < targets.length) {
    yield { field: "targets", message: "has two targets of one name" };
  }
  for (const [i, { via, hostHeader, path }] of targets.entries()) {
    const field = `targets[${i}]`;
    if (via.kind === "dialed" && !canDial)
      yield { field: `${field}.via`, message: "is dialed, and no dial function was given" };
    if (via.kind === "tcp") {
      if (via.host === "") yield { field: `${field}.via.host`, message: "is empty" };
      if (!Number.isInteger(via.port) || via.port < 1 || via.port > 65_535) {
        yield { field: `${field}.via.port`, message: "must be a whole number from 1 to 65535" };
      }
    }
    // What stands in the request's head must not be able to end a line of it.
    if (!/^[\x21-\x7e]+$/.test(hostHeader))
      yield { field: `${field}.hostHeader`, message: "must be printable ASCII without spaces" };
    if (!/^\/[\x21-\x7e]*$/.test(path))
      yield { field: `${field}.path`, message: "must begin with / and be printable ASCII without spaces" };
  }
}
