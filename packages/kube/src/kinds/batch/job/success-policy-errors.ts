import type { V1SuccessPolicy, V1SuccessPolicyRule } from "@kubernetes/client-node";
import { quoteAsGo } from "../../../go/go-text.ts";
import type { Unchecked } from "../../../object.ts";
import {
  invalidValue,
  requiredValue,
  tooLongValue,
  tooManyValues,
  type FieldErrors,
} from "../../field-error.ts";
import { byteLength } from "../../meta/names.ts";
import { nonNegativeErrors } from "../../meta/number-errors.ts";

const mostRules = 20;
const mostIndexBytes = 64 * 1024;

/** What is wrong with the rules that say when a Job with indexes has succeeded. */
export function* successPolicyErrors(
  field: string,
  { rules = [] }: Unchecked<V1SuccessPolicy>,
  completions: number,
): FieldErrors {
  if (rules.length === 0)
    yield requiredValue(
      `${field}.rules`,
      "at least one rules must be specified when the successPolicy is specified",
    );
  if (rules.length > mostRules) yield tooManyValues(`${field}.rules`, rules.length, mostRules);
  for (const [index, rule] of rules.entries())
    yield* ruleErrors(`${field}.rules[${index}]`, rule, completions);
}

function* ruleErrors(
  field: string,
  { succeededCount, succeededIndexes }: Unchecked<V1SuccessPolicyRule>,
  completions: number,
): FieldErrors {
  if (succeededCount === undefined && succeededIndexes === undefined)
    yield requiredValue(field, "at least one of succeededCount or succeededIndexes must be specified");
  let total = 0;
  if (succeededIndexes !== undefined) {
    const at = `${field}.succeededIndexes`;
    if (byteLength(succeededIndexes) > mostIndexBytes) yield tooLongValue(at, mostIndexBytes);
    const counted = countIndexes(succeededIndexes, completions);
    if (typeof counted === "number") total = counted;
    else yield invalidValue(at, succeededIndexes, `error parsing succeededIndexes: ${counted}`);
  }
  if (succeededCount === undefined) return;
  const at = `${field}.succeededCount`;
  yield* nonNegativeErrors(at, succeededCount);
  const most = "must be less than or equal to";
  if (succeededCount > completions)
    yield invalidValue(at, succeededCount, `${most} ${completions} (the number of specified completions)`);
  if (succeededIndexes !== undefined && succeededCount > total)
    yield invalidValue(
      at,
      succeededCount,
      `${most} ${total} (the number of indexes in the specified succeededIndexes field)`,
    );
}

/** How many indexes `0-2,4` names, or why it names none. */
function countIndexes(text: string, completions: number): number | string {
  if (text === "") return 0;
  let total = 0;
  let last: number | undefined;
  for (const interval of text.split(",")) {
    const limits = interval.split("-");
    if (limits.length > 2)
      return `the fragment ${quoteAsGo(interval)} violates the requirement that an index interval can have at most two parts separated by '-'`;
    for (const limit of limits) {
      if (!/^\d+$/.test(limit)) return `cannot convert string to integer for index: ${quoteAsGo(limit)}`;
      if (Number(limit) >= completions) return `too large index: ${quoteAsGo(limit)}`;
    }
    const [first = 0, end = first] = limits.map(Number);
    if (limits.length > 1 && first >= end) return `non-increasing order, previous: ${first}, current: ${end}`;
    if (last !== undefined && last >= first)
      return `non-increasing order, previous: ${last}, current: ${first}`;
    total += end - first + 1;
    last = end;
  }
  return total;
}
