import {
  askConditions,
  askExpression,
  outOfBudget,
  withinBudget,
  type Bindings,
  type CompiledPolicy,
} from "@seaworthy/kube";
import { compiledPolicy } from "./compiled-policies.ts";
import type { Validation, ValidatingPolicy } from "./policy-objects.ts";

/** Why a request is not to be taken. */
export interface Denial {
  readonly message: string;
  readonly reason?: string;
  /** It denies, whatever the binding says. */
  readonly isFatal?: boolean;
}

/**
 * What a policy says against a request, with one set of parameters. Where it cannot tell, its failure policy decides.
 * https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/admission/plugin/policy/validating/validator.go
 */
export function decide(policy: ValidatingPolicy, bindings: Bindings): readonly Denial[] {
  const { failurePolicy } = policy.spec;
  const compiled = compiledPolicy(policy);
  const unknown = (message: string): Denial[] => (failurePolicy === "Ignore" ? [] : [{ message }]);
  const answer = askConditions(compiled.conditions, failurePolicy, bindings);
  if ("error" in answer) return unknown(answer.error);
  if (!answer.matches) return [];
  const decided = withinBudget(() => [
    ...(policy.spec.validations ?? []).flatMap((validation) => ask(compiled, validation, bindings, unknown)),
    ...annotationDenials(policy, compiled, bindings),
  ]);
  return decided?.result ?? unknown(outOfBudget);
}

function ask(
  { compile }: CompiledPolicy,
  validation: Validation,
  bindings: Bindings,
  unknown: (message: string) => Denial[],
): Denial[] {
  const answer = askExpression(compile(validation.expression, ["bool"]), bindings);
  if ("error" in answer) return unknown(answer.error);
  if (answer.value === true) return [];
  const message =
    messageOf(compile, validation, bindings) ??
    ([validation.message?.trim() ?? ""].find((each) => each !== "") ||
      `failed expression: ${validation.expression.trim()}`);
  return [{ message, reason: validation.reason ?? "Invalid" }];
}

const longestMessage = 5 * 1024;

/** What the message expression gives; undefined where that cannot be shown in a line. */
function messageOf(
  compile: CompiledPolicy["compile"],
  { messageExpression = "" }: Validation,
  bindings: Bindings,
): string | undefined {
  if (messageExpression === "") return undefined;
  const answer = askExpression(compile(messageExpression, ["string"]), bindings);
  const text = "value" in answer && typeof answer.value === "string" ? answer.value.trim() : "";
  return text === "" || text.includes("\n") || text.length > longestMessage ? undefined : text;
}

/** There is no audit log for what annotations say. One that cannot be evaluated denies all the same. */
function annotationDenials(
  { spec: { auditAnnotations = [], failurePolicy } }: ValidatingPolicy,
  { compile }: CompiledPolicy,
  bindings: Bindings,
): Denial[] {
  if (failurePolicy === "Ignore") return [];
  return auditAnnotations.flatMap(({ valueExpression }) => {
    const answer = askExpression(compile(valueExpression, ["string", "null"]), bindings);
    return "error" in answer ? [{ message: answer.error, isFatal: true }] : [];
  });
}
