import type { V1RuleWithOperations } from "@kubernetes/client-node";
import type { Unchecked } from "../../object.ts";
import { invalidValue, requiredValue, unsupportedValue, type FieldErrors } from "../field-error.ts";

const operationsKnown = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"];
const scopes = ["*", "Cluster", "Namespaced"];

/** What is wrong with a rule that says which requests are meant. */
export function* ruleErrors(field: string, rule: Unchecked<V1RuleWithOperations>): FieldErrors {
  const { operations = [], apiGroups = [], apiVersions = [], resources = [], scope } = rule;
  if (operations.length === 0) yield requiredValue(`${field}.operations`);
  yield* starErrors(`${field}.operations`, operations, "operations");
  for (const [index, operation] of operations.entries())
    if (!operationsKnown.includes(operation))
      yield unsupportedValue(`${field}.operations[${index}]`, operation, operationsKnown);
  if (apiGroups.length === 0) yield requiredValue(`${field}.apiGroups`);
  yield* starErrors(`${field}.apiGroups`, apiGroups, "API groups");
  if (apiVersions.length === 0) yield requiredValue(`${field}.apiVersions`);
  yield* starErrors(`${field}.apiVersions`, apiVersions, "API versions");
  for (const [index, version] of apiVersions.entries())
    if (version === "") yield requiredValue(`${field}.apiVersions[${index}]`);
  yield* resourcesErrors(`${field}.resources`, resources);
  if (scope !== undefined && !scopes.includes(scope)) yield unsupportedValue(`${field}.scope`, scope, scopes);
}

function* starErrors(field: string, values: readonly string[], what: string): FieldErrors {
  if (values.length > 1 && values.includes("*"))
    yield invalidValue(field, values, `if '*' is present, must not specify other ${what}`);
}

/** A resource, `pods`, or one below it, `pods/exec`, with stars for either. */
function* resourcesErrors(field: string, resources: readonly string[]): FieldErrors {
  if (resources.length === 0) yield requiredValue(field);
  const withAnyPart = new Set<string>();
  const ofAnyResource = new Set<string>();
  let isPlain = false;
  for (const [index, resource] of resources.entries()) {
    const at = `${field}[${index}]`;
    if (resource === "") {
      yield requiredValue(at);
      continue;
    }
    const cut = resource.indexOf("/");
    if (cut < 0) {
      // Only the last one without a slash counts.
      isPlain = resource !== "*";
      continue;
    }
    const [whole, part] = [resource.slice(0, cut), resource.slice(cut + 1)];
    const why = (star: string) => `if '${star}' is present, must not specify ${resource}`;
    if (withAnyPart.has(whole)) yield invalidValue(at, resource, why(`${whole}/*`));
    if (ofAnyResource.has(part)) yield invalidValue(at, resource, why(`*/${part}`));
    if (part === "*") withAnyPart.add(whole);
    if (whole === "*") ofAnyResource.add(part);
  }
  if (resources.length > 1 && resources.includes("*/*"))
    yield invalidValue(field, resources, "if '*/*' is present, must not specify other resources");
  if (resources.includes("*") && isPlain)
    yield invalidValue(
      field,
      resources,
      "if '*' is present, must not specify other resources without subresources",
    );
}
