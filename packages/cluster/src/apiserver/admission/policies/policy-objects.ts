import type { KubeObject, LabelSelector, PolicyExpressions } from "@seaworthy/kube";
import type { RequestChoice } from "../matching/match-request.ts";

/** What policies of both sorts have. */
export interface Policy extends KubeObject {
  readonly spec: PolicyExpressions & {
    readonly failurePolicy?: string;
    readonly paramKind?: { readonly apiVersion: string; readonly kind: string };
    readonly matchConstraints?: RequestChoice;
  };
}

/** A ValidatingAdmissionPolicy. */
export interface ValidatingPolicy extends Policy {
  readonly spec: Policy["spec"] & {
    readonly validations?: readonly Validation[];
    readonly auditAnnotations?: readonly { readonly key: string; readonly valueExpression: string }[];
  };
}

/** One rule of such a policy. */
export interface Validation {
  readonly expression: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly reason?: string;
}

/** A MutatingAdmissionPolicy. */
export interface MutatingPolicy extends Policy {
  readonly spec: Policy["spec"] & {
    readonly mutations?: readonly Mutation[];
    readonly reinvocationPolicy?: string;
  };
}

/** One change that such a policy makes. */
export interface Mutation {
  readonly patchType: "ApplyConfiguration" | "JSONPatch";
  readonly applyConfiguration?: { readonly expression: string };
  readonly jsonPatch?: { readonly expression: string };
}

/** What a policy is bound to, of either sort. */
export interface PolicyBinding extends KubeObject {
  readonly spec: {
    readonly policyName: string;
    readonly paramRef?: ParamReference;
    readonly matchResources?: RequestChoice;
    readonly validationActions?: readonly string[];
  };
}

/** The objects from which a bound policy takes its settings. */
export interface ParamReference {
  readonly name?: string;
  readonly namespace?: string;
  readonly selector?: LabelSelector;
  readonly parameterNotFoundAction?: string;
}
