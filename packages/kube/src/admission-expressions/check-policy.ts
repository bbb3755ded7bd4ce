import { located } from "../cel/located.ts";
import { findUndefinedField } from "../custom-kinds/cel/undefined-field.ts";
import type { ServedType } from "../kinds/kinds.ts";
import { admissionEnvironment } from "./compile-expression.ts";
import { objectSchemaOf } from "./object-schema.ts";

/** What an expression of a policy gets wrong about what the policy matches. */
export interface ExpressionWarning {
  /** `spec.validations[0].expression`. */
  readonly fieldRef: string;
  readonly warning: string;
}

/** What of the spec of a policy is checked. */
export interface CheckedPolicy {
  readonly matchConstraints?: {
    readonly resourceRules?: readonly {
      readonly apiGroups?: readonly string[];
      readonly apiVersions?: readonly string[];
      readonly resources?: readonly string[];
    }[];
  };
  readonly validations?: readonly { readonly expression: string; readonly messageExpression?: string }[];
}

/** Finds the type at `/apis/{group}/{version}/{plural}`. */
export type FindType = (group: string, version: string, plural: string) => ServedType | undefined;

/**
 * Holds the expressions of a policy against the schemas of the types that it names, and tells which fields those do not have.
 * Whether the types of values fit is not looked at, nor what variables hold.
 * https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/admission/plugin/policy/validating/typechecking.go
 */
export function checkPolicy(spec: CheckedPolicy, findType: FindType): ExpressionWarning[] {
  const types = typesOf(spec, findType);
  return (spec.validations ?? []).flatMap(({ expression, messageExpression = "" }, index) => {
    const field = `spec.validations[${index}]`;
    return [
      ...checkExpression(`${field}.expression`, expression, types),
      ...checkExpression(`${field}.messageExpression`, messageExpression, types),
    ];
  });
}

function checkExpression(fieldRef: string, text: string, types: readonly ServedType[]): ExpressionWarning[] {
  if (text.trim() === "") return [];
  const warnings = types.flatMap((type) => {
    const wrong = undefinedField(text, type);
    return wrong === undefined ? [] : `${type.group}/${type.version}, Kind=${type.kind}: ${wrong}`;
  });
  return warnings.length === 0 ? [] : [{ fieldRef, warning: warnings.join("\n") }];
}

/** Undefined also for what cannot be read, which was refused when the policy was written, or fails when it is asked. */
function undefinedField(text: string, type: ServedType): string | undefined {
  const schema = objectSchemaOf(type);
  if (schema === undefined) return undefined;
  const typed = { schema, isRoot: false };
  const variables = new Map([
    ["object", typed],
    ["oldObject", typed],
  ]);
  try {
    const { ast } = admissionEnvironment().parse(text);
    const wrong = findUndefinedField(ast, variables);
    return wrong && located(text, wrong.position, `undefined field '${wrong.field}'`);
  } catch {
    return undefined;
  }
}

/** As many types of one policy are looked at in Kubernetes, too. */
const mostTypes = 10;

/** The types that a policy names without a `*`, in order. */
function typesOf({ matchConstraints }: CheckedPolicy, findType: FindType): ServedType[] {
  const types = new Set<ServedType>();
  for (const { apiGroups = [], apiVersions = [], resources = [] } of matchConstraints?.resourceRules ?? []) {
    if (apiGroups.includes("*") || apiVersions.includes("*")) continue;
    for (const group of apiGroups)
      for (const version of apiVersions)
        for (const resource of resources) {
          const type = /[*/]/.test(resource) ? undefined : findType(group, version, resource);
          if (type !== undefined && types.size < mostTypes) types.add(type);
        }
  }
  const keyOf = ({ group, version, kind }: ServedType) => `${group}\n${version}\n${kind}`;
  return [...types].toSorted((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
}
