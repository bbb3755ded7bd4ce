import type { Container } from "../../../../object.ts";
import { requiredValue, tooManyValues, unsupportedValue, type FieldErrors } from "../../../field-error.ts";

const policies = ["Always", "Never", "OnFailure"];
const actions = ["Restart", "RestartAllContainers"];
const operators = ["In", "NotIn"];

/** What is wrong with the restart policy that a container has for itself. */
export function* restartRuleErrors(field: string, container: Container): FieldErrors {
  const { restartPolicy, restartPolicyRules: rules = [] } = container;
  const at = `${field}.restartPolicy`;
  if (restartPolicy === undefined) {
    if (rules.length === 0) return;
    yield requiredValue(at, "must specify restartPolicy when restart rules are used");
  } else if (!policies.includes(restartPolicy)) {
    yield unsupportedValue(at, restartPolicy, policies);
  }
  if (rules.length > 20) yield tooManyValues(`${field}.restartPolicyRules`, rules.length, 20);
  for (const [index, rule] of rules.entries()) {
    const own = `${field}.restartPolicyRules[${index}]`;
    const { action = "", exitCodes } = rule as Partial<typeof rule>;
    if (!actions.includes(action)) yield unsupportedValue(`${own}.action`, action, actions);
    if (exitCodes === undefined) {
      yield requiredValue(`${own}.exitCodes`, "must be specified");
      continue;
    }
    const { operator = "", values = [] } = exitCodes as Partial<typeof exitCodes>;
    if (!operators.includes(operator))
      yield unsupportedValue(`${own}.exitCodes.operator`, operator, operators);
    if (values.length > 255) yield tooManyValues(`${own}.exitCodes.values`, values.length, 255);
  }
}
