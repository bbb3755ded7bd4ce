import type {
  V2CrossVersionObjectReference,
  V2HPAScalingPolicy,
  V2HPAScalingRules,
  V2HorizontalPodAutoscaler,
} from "@kubernetes/client-node";
import type { KubeObject, Unchecked } from "../../../object.ts";
import { canonicalQuantity, compareQuantity } from "../../../quantity/quantity.ts";
import {
  forbiddenValue,
  invalidBecause,
  invalidValue,
  requiredValue,
  unsupportedText,
  unsupportedValue,
  type FieldErrors,
} from "../../field-error.ts";
import { pathSegmentName } from "../../meta/names.ts";
import { coreObjectMetaErrors, coreObjectMetaUpdateErrors } from "../../meta/object-meta-errors.ts";
import { metricErrors } from "./metric-errors.ts";

type Spec = NonNullable<Unchecked<V2HorizontalPodAutoscaler>["spec"]>;

/** What is wrong with a new HorizontalPodAutoscaler, in its form of autoscaling/v2. */
export function* horizontalPodAutoscalerErrors(object: KubeObject): FieldErrors {
  yield* coreObjectMetaErrors(object);
  yield* specErrors((object as Unchecked<V2HorizontalPodAutoscaler>).spec ?? {}, undefined);
}

/** What is wrong with a change of one. What its target and its metrics were wrong in before is let be. */
export function* horizontalPodAutoscalerUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  yield* coreObjectMetaUpdateErrors(object, old);
  yield* specErrors(
    (object as Unchecked<V2HorizontalPodAutoscaler>).spec ?? {},
    (old as Unchecked<V2HorizontalPodAutoscaler>).spec ?? {},
  );
}

function* specErrors(spec: Spec, before: Spec | undefined): FieldErrors {
  const { minReplicas, maxReplicas = 0, metrics = [], behavior } = spec;
  // HPAScaleToZero is off in v1.36.
  const least = before?.minReplicas === 0 ? 0 : 1;
  if (minReplicas !== undefined && minReplicas < least)
    yield invalidValue("spec.minReplicas", minReplicas, `must be greater than or equal to ${least}`);
  if (maxReplicas === 0) yield requiredValue("spec.maxReplicas", "must be set and greater than 0");
  else if (maxReplicas < 0)
    yield invalidValue("spec.maxReplicas", maxReplicas, "must be greater than or equal to 1");
  if (minReplicas !== undefined && maxReplicas < minReplicas)
    yield invalidValue("spec.maxReplicas", maxReplicas, "must be greater than or equal to `minReplicas`");
  yield* targetErrors("spec.scaleTargetRef", spec.scaleTargetRef ?? {}, before?.scaleTargetRef);
  const wasBad = (before?.metrics ?? []).some(
    ({ type, object }) => type === "Object" && isBadVersion(object?.describedObject?.apiVersion ?? ""),
  );
  for (const [index, metric] of metrics.entries())
    yield* metricErrors(`spec.metrics[${index}]`, metric, wasBad);
  const scalesToZero = metrics.some(({ type }) => type === "Object" || type === "External");
  if (minReplicas === 0 && !scalesToZero)
    yield forbiddenValue(
      "spec.metrics",
      "must specify at least one Object or External metric to support scaling to zero replicas",
    );
  yield* rulesErrors("spec.behavior.scaleUp", behavior?.scaleUp);
  yield* rulesErrors("spec.behavior.scaleDown", behavior?.scaleDown);
}

function* targetErrors(field: string, target: Reference, before: Reference | undefined): FieldErrors {
  const { kind, apiVersion = "" } = target;
  const isKept = before !== undefined && before.kind === kind && (before.apiVersion ?? "") === apiVersion;
  yield* referenceErrors(field, target, isKept);
  // ReplicationControllers are the one thing of the core group that can be scaled.
  const hasGroup = /^[^/]+\//.test(apiVersion) || isBadVersion(apiVersion);
  if (!isKept && !hasGroup && kind !== "ReplicationController")
    yield invalidValue(`${field}.apiVersion`, apiVersion, "apiVersion must specify API group");
}

type Reference = Unchecked<V2CrossVersionObjectReference>;

/** What is wrong with the name of another object; `isKept` where its version may be as bad as it was. */
export function* referenceErrors(field: string, reference: Reference, isKept: boolean): FieldErrors {
  const { kind = "", name = "", apiVersion = "" } = reference;
  for (const [part, value] of Object.entries({ kind, name })) {
    if (value === "") yield requiredValue(`${field}.${part}`);
    else yield* invalidBecause(`${field}.${part}`, value, pathSegmentName(value));
  }
  if (!isKept && isBadVersion(apiVersion))
    yield invalidValue(`${field}.apiVersion`, apiVersion, `unexpected GroupVersion string: ${apiVersion}`);
}

function isBadVersion(apiVersion: string): boolean {
  return apiVersion.split("/").length > 2;
}

const mostWindowSeconds = 3600;
const mostPeriodSeconds = 1800;

function* rulesErrors(field: string, rules: Unchecked<V2HPAScalingRules> | undefined): FieldErrors {
  if (rules === undefined) return;
  const { stabilizationWindowSeconds: seconds, selectPolicy, policies = [], tolerance } = rules;
  const window = `${field}.stabilizationWindowSeconds`;
  if (seconds !== undefined && seconds < 0)
    yield invalidValue(window, seconds, "must be greater than or equal to zero");
  if (seconds !== undefined && seconds > mostWindowSeconds)
    yield invalidValue(window, seconds, `must be less than or equal to ${mostWindowSeconds}`);
  if (selectPolicy !== undefined && !["Disabled", "Max", "Min"].includes(selectPolicy))
    yield unsupportedValue(`${field}.selectPolicy`, selectPolicy, ["Disabled", "Max", "Min"]);
  if (policies.length === 0) yield requiredValue(`${field}.policies`, "must specify at least one Policy");
  for (const [index, policy] of policies.entries())
    yield* policyErrors(`${field}.policies[${index}]`, policy);
  if (tolerance !== undefined && compareQuantity(tolerance, 0) < 0)
    yield invalidValue(
      `${field}.tolerance`,
      canonicalQuantity(tolerance),
      "must be greater than or equal to 0",
    );
}

function* policyErrors(field: string, policy: Unchecked<V2HPAScalingPolicy>): FieldErrors {
  const { type = "", value = 0, periodSeconds = 0 } = policy;
  if (type !== "Pods" && type !== "Percent")
    yield unsupportedText(`${field}.type`, type, ["Percent", "Pods"]);
  if (value <= 0) yield invalidValue(`${field}.value`, value, "must be greater than zero");
  const at = `${field}.periodSeconds`;
  if (periodSeconds <= 0) yield invalidValue(at, periodSeconds, "must be greater than zero");
  if (periodSeconds > mostPeriodSeconds)
    yield invalidValue(at, periodSeconds, `must be less than or equal to ${mostPeriodSeconds}`);
}
