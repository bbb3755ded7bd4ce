import { SeaworthyError } from "@seaworthy/errors";
import { parseDistribution } from "./distribution.ts";

/** The faults of the requests to some paths. Percentages are from 0 to 100 and may have decimals. */
export interface FaultRule {
  /**
   * A path as requested, without the query, or the beginning of paths followed by `*`. It is no route template:
   * faults strike before the framework routes. Every path when absent.
   */
  readonly path?: string;
  /** How long a request waits first, as `parseDistribution` reads it: 250, "0..2000", "normal(200,50)". */
  readonly delay?: string | number;
  /** How many requests wait. Default 100. */
  readonly delayPercent?: number;
  /** How many requests are answered with one of `errorStatuses` instead of by the application. Default 0. */
  readonly errorPercent?: number;
  /** From 400 to 599, each as often as the others. Default 500 and 503. */
  readonly errorStatuses?: readonly number[];
  /** How many requests have their connection, or HTTP/2 stream, reset. With `errorPercent` no more than 100. Default 0. */
  readonly abortPercent?: number;
}

const keys = ["path", "delay", "delayPercent", "errorPercent", "errorStatuses", "abortPercent"];
const mostRules = 100;

/** Checks rules that come from outside, as from JSON. Throws SW8001 with the place and what is allowed there. */
export function parseFaultRules(input: unknown, field = "faults"): readonly FaultRule[] {
  if (!Array.isArray(input) || input.length > mostRules) {
    throw invalid(field, input, `a list of at most ${mostRules} rules`);
  }
  input.forEach((rule: unknown, index) => checkRule(rule, `${field}[${index}]`));
  return input as readonly FaultRule[];
}

function checkRule(rule: unknown, field: string): void {
  if (typeof rule !== "object" || rule === null || Array.isArray(rule)) {
    throw invalid(field, rule, `an object with some of ${keys.join(", ")}`);
  }
  const unknownKey = Object.keys(rule).find((key) => !keys.includes(key));
  if (unknownKey !== undefined) {
    throw invalid(`${field}.${unknownKey}`, unknownKey, `one of ${keys.join(", ")}`);
  }
  const { path, delay, delayPercent, errorPercent, errorStatuses, abortPercent } = rule as Record<
    string,
    unknown
  >;
  if (path !== undefined && !(typeof path === "string" && /^\/[^*?#]*\*?$/.test(path))) {
    throw invalid(`${field}.path`, path, "a path such as /api/users, or the beginning of paths as /api/*");
  }
  if (delay !== undefined) parseDistribution(String(delay), `${field}.delay`);
  checkPercent(`${field}.delayPercent`, delayPercent);
  checkPercent(`${field}.errorPercent`, errorPercent);
  checkPercent(`${field}.abortPercent`, abortPercent);
  if (Number(errorPercent ?? 0) + Number(abortPercent ?? 0) > 100) {
    throw invalid(`${field}.abortPercent`, abortPercent, "with errorPercent no more than 100");
  }
  if (errorStatuses !== undefined && !isStatusList(errorStatuses)) {
    throw invalid(`${field}.errorStatuses`, errorStatuses, "a list of statuses from 400 to 599");
  }
}

function checkPercent(field: string, value: unknown): void {
  if (value === undefined || (typeof value === "number" && value >= 0 && value <= 100)) return;
  throw invalid(field, value, "a number from 0 to 100");
}

function isStatusList(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.length <= 200 &&
    value.every((status) => Number.isInteger(status) && status >= 400 && status <= 599)
  );
}

function invalid(field: string, value: unknown, allowed: string): SeaworthyError {
  return new SeaworthyError("SW8001", `${field} cannot be ${JSON.stringify(value) ?? String(value)}`, {
    field,
    why: `It takes ${allowed}.`,
    next: [`make ${field} ${allowed}`],
  });
}
