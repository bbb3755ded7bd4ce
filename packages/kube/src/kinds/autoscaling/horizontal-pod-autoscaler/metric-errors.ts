import type {
  V2ContainerResourceMetricSource,
  V2ExternalMetricSource,
  V2MetricIdentifier,
  V2MetricSpec,
  V2MetricTarget,
  V2ObjectMetricSource,
  V2PodsMetricSource,
  V2ResourceMetricSource,
} from "@kubernetes/client-node";
import type { Unchecked } from "../../../object.ts";
import { canonicalQuantity, compareQuantity } from "../../../quantity/quantity.ts";
import { containerResourceNameErrors } from "../../core/pod/validation/resource-errors.ts";
import {
  forbiddenValue,
  invalidBecause,
  invalidValue,
  invalidWord,
  requiredValue,
  unsupportedValue,
  type FieldErrors,
} from "../../field-error.ts";
import { dns1123Label, pathSegmentName } from "../../meta/names.ts";
import { referenceErrors } from "./horizontal-pod-autoscaler-errors.ts";

const types = ["ContainerResource", "External", "Object", "Pods", "Resource"];

/** What is wrong with something that an autoscaler looks at; `wasBad` where the version of an object may be none. */
export function* metricErrors(field: string, metric: Unchecked<V2MetricSpec>, wasBad: boolean): FieldErrors {
  const { type = "" } = metric;
  const unknown = unsupportedValue(`${field}.type`, type, types);
  if (type === "") yield requiredValue(`${field}.type`, "must specify a metric source type");
  if (!types.includes(type)) yield unknown;
  const present = (["object", "external", "pods", "resource", "containerResource"] as const).filter(
    (source) => metric[source] !== undefined,
  );
  // Only the first source is looked into.
  yield* sourceErrors(field, metric, present[0], wasBad);
  const expected = types.includes(type) ? `${type.slice(0, 1).toLowerCase()}${type.slice(1)}` : undefined;
  if (expected === undefined) yield unknown;
  else if (!present.some((source) => source === expected))
    yield requiredValue(`${field}.${expected}`, "must populate information for the given metric source");
  if (present.length <= 1) return;
  for (const source of present)
    if (source !== expected)
      yield forbiddenValue(`${field}.${source}`, "must populate the given metric source only");
}

function* sourceErrors(
  field: string,
  metric: Unchecked<V2MetricSpec>,
  source: "object" | "external" | "pods" | "resource" | "containerResource" | undefined,
  wasBad: boolean,
): FieldErrors {
  if (source === undefined) return;
  const at = `${field}.${source}`;
  if (source === "object") yield* objectErrors(at, metric.object ?? {}, wasBad);
  else if (source === "external") yield* externalErrors(at, metric.external ?? {});
  else if (source === "pods") yield* podsErrors(at, metric.pods ?? {});
  else yield* resourceErrors(at, metric[source] ?? {}, source === "containerResource");
}

function* objectErrors(field: string, source: Unchecked<V2ObjectMetricSource>, wasBad: boolean): FieldErrors {
  const { target = {} } = source;
  yield* referenceErrors(`${field}.describedObject`, source.describedObject ?? {}, wasBad);
  yield* identifierErrors(`${field}.metric`, source.metric ?? {});
  yield* targetErrors(`${field}.target`, target);
  if (target.value === undefined && target.averageValue === undefined)
    yield requiredValue(`${field}.target.averageValue`, "must set either a target value or averageValue");
}

function* externalErrors(field: string, source: Unchecked<V2ExternalMetricSource>): FieldErrors {
  const { target = {} } = source;
  yield* identifierErrors(`${field}.metric`, source.metric ?? {});
  yield* targetErrors(`${field}.target`, target);
  if (target.value === undefined && target.averageValue === undefined)
    yield requiredValue(
      `${field}.target.averageValue`,
      "must set either a target value for metric or a per-pod target",
    );
  if (target.value !== undefined && target.averageValue !== undefined)
    yield forbiddenValue(
      `${field}.target.value`,
      "may not set both a target value for metric and a per-pod target",
    );
}

function* podsErrors(field: string, source: Unchecked<V2PodsMetricSource>): FieldErrors {
  const { target = {} } = source;
  yield* identifierErrors(`${field}.metric`, source.metric ?? {});
  yield* targetErrors(`${field}.target`, target);
  if (target.averageValue === undefined)
    yield requiredValue(`${field}.target.averageValue`, "must specify a positive target averageValue");
}

function* resourceErrors(
  field: string,
  source: Unchecked<V2ResourceMetricSource> & Unchecked<V2ContainerResourceMetricSource>,
  isOfContainer: boolean,
): FieldErrors {
  const { name = "", container = "", target = {} } = source;
  if (name === "") yield requiredValue(`${field}.name`, "must specify a resource name");
  else if (isOfContainer) yield* containerResourceNameErrors(`${field}.name`, name);
  if (isOfContainer && container === "")
    yield requiredValue(`${field}.container`, "must specify a container");
  else if (isOfContainer) yield* invalidBecause(`${field}.container`, container, dns1123Label(container));
  yield* targetErrors(`${field}.target`, target);
  if (target.averageUtilization === undefined && target.averageValue === undefined)
    yield requiredValue(
      `${field}.target.averageUtilization`,
      "must set either a target raw value or a target utilization",
    );
  if (target.averageUtilization !== undefined && target.averageValue !== undefined)
    yield forbiddenValue(
      `${field}.target.averageValue`,
      "may not set both a target raw value and a target utilization",
    );
}

function* targetErrors(field: string, target: Unchecked<V2MetricTarget>): FieldErrors {
  const { type = "", averageUtilization } = target;
  if (type === "") yield requiredValue(`${field}.type`, "must specify a metric target type");
  if (!["Utilization", "Value", "AverageValue"].includes(type))
    yield invalidWord(`${field}.type`, type, "must be either Utilization, Value, or AverageValue");
  for (const name of ["value", "averageValue"] as const) {
    const value = target[name];
    if (value !== undefined && compareQuantity(value, 0) <= 0)
      yield invalidValue(`${field}.${name}`, canonicalQuantity(value), "must be positive");
  }
  if (averageUtilization !== undefined && averageUtilization < 1)
    yield invalidValue(`${field}.averageUtilization`, averageUtilization, "must be greater than 0");
}

function* identifierErrors(field: string, { name = "" }: Unchecked<V2MetricIdentifier>): FieldErrors {
  if (name === "") yield requiredValue(`${field}.name`, "must specify a metric name");
  else yield* invalidBecause(`${field}.name`, name, pathSegmentName(name));
}
