import type { V1Device, V1DeviceAttribute, V1DeviceTaint, V1ResourceSlice } from "@kubernetes/client-node";
import { inGo } from "../../../go/in-go.ts";
import type { KubeObject, NodeSelector, Unchecked } from "../../../object.ts";
import { driverNameErrors } from "../../core/persistent-volume/volume-source-errors.ts";
import { nodeSelectorErrors } from "../../core/pod/validation/affinity-errors.ts";
import {
  forbiddenValue,
  invalidBecause,
  invalidValue,
  requiredValue,
  tooLongValue,
  tooManyValues,
  unsupportedValue,
  type FieldErrors,
} from "../../field-error.ts";
import { immutableFieldErrors } from "../../meta/immutable-field-errors.ts";
import { labelKeyErrors } from "../../meta/label-errors.ts";
import { byteLength, dns1123Label, dns1123Subdomain, labelValue } from "../../meta/names.ts";
import { coreObjectMetaErrors, coreObjectMetaUpdateErrors } from "../../meta/object-meta-errors.ts";
import { setErrors } from "../device-claim-errors.ts";
import { attributeNameErrors } from "../device-errors.ts";

type Spec = NonNullable<Unchecked<V1ResourceSlice>["spec"]>;
type Device = Unchecked<V1Device>;

/** What is wrong with a new ResourceSlice. Counters, and how capacities are shared, are not looked at. */
export function* resourceSliceErrors(object: KubeObject): FieldErrors {
  yield* coreObjectMetaErrors(object);
  yield* specErrors(specOf(object), undefined);
}

/** What is wrong with a change of a ResourceSlice: whose devices these are stays. */
export function* resourceSliceUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  yield* coreObjectMetaUpdateErrors(object, old);
  yield* specErrors(specOf(object), specOf(old));
}

/** What the API server warns of in a ResourceSlice, which it takes nevertheless. */
export function* resourceSliceWarnings(object: KubeObject): Generator<string> {
  const { driver = "" } = specOf(object);
  if (driver !== driver.toLowerCase())
    yield `spec.driver: driver names should be lowercase; ${JSON.stringify(driver)} contains uppercase characters`;
}

function specOf(object: KubeObject): Spec {
  return (object as Unchecked<V1ResourceSlice>).spec ?? {};
}

const longestPoolName = 253;

function* specErrors(spec: Spec, before: Spec | undefined): FieldErrors {
  const { driver = "", pool = {} } = spec;
  yield* driverNameErrors("spec.driver", driver);
  yield* poolNameErrors("spec.pool.name", pool.name ?? "");
  const { resourceSliceCount: count = 0, generation = 0 } = pool;
  if (count <= 0) yield invalidValue("spec.pool.resourceSliceCount", count, "must be greater than zero");
  if (generation < 0)
    yield invalidValue("spec.pool.generation", generation, "must be greater than or equal to zero");
  if (before !== undefined) {
    yield* immutableFieldErrors("spec.pool.name", pool.name ?? "", before.pool?.name ?? "");
    yield* immutableFieldErrors("spec.driver", driver, before.driver);
    yield* immutableFieldErrors("spec.nodeName", spec.nodeName, before.nodeName);
  }
  yield* placeErrors(spec);
  if (spec.sharedCounters !== undefined && spec.devices !== undefined)
    yield invalidValue("spec", "", "only one of `sharedCounters` or `devices` is allowed");
  const devices = spec.devices ?? [];
  const isCostly = devices.some(
    ({ taints = [], consumesCounters = [] }) => taints.length + consumesCounters.length > 0,
  );
  yield* setErrors(
    "spec.devices",
    devices,
    isCostly ? 64 : 128,
    ({ name = "" }) => name,
    (field, device) => deviceErrors(field, device, spec.perDeviceNodeSelection === true),
  );
}

function* poolNameErrors(field: string, name: string): FieldErrors {
  if (name === "") return yield requiredValue(field);
  if (byteLength(name) > longestPoolName) yield tooLongValue(field, longestPoolName);
  for (const part of name.split("/")) yield* invalidBecause(field, part, dns1123Subdomain(part));
}

function* placeErrors(spec: Spec): FieldErrors {
  const { nodeName, nodeSelector, allNodes, perDeviceNodeSelection } = spec;
  const set: string[] = [];
  if (nodeName === "")
    yield invalidValue("spec.nodeName", nodeName, "must be either unset or set to a non-empty string");
  if (nodeName !== undefined && nodeName !== "") {
    set.push("`nodeName`");
    yield* invalidBecause("spec.nodeName", nodeName, dns1123Subdomain(nodeName));
  }
  if (nodeSelector !== undefined) {
    set.push("`nodeSelector`");
    yield* nodeSelectorErrors("spec.nodeSelector", nodeSelector as NodeSelector);
  }
  for (const [name, value] of Object.entries({ allNodes, perDeviceNodeSelection })) {
    if (value === true) set.push(`\`${name}\``);
    if (value === false) yield invalidValue(`spec.${name}`, value, "must be either unset or set to true");
  }
  const why = "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required";
  if (set.length === 0) yield requiredValue("spec", why);
  if (set.length > 1)
    yield invalidValue("spec", `{${set.join(", ")}}`, `${why}, but multiple fields are set`);
}

const mostAttributes = 32;

function* deviceErrors(field: string, device: Device, isPlaced: boolean): FieldErrors {
  const { name = "", attributes = {}, capacity = {}, taints = [] } = device;
  yield* invalidBecause(`${field}.name`, name, dns1123Label(name));
  const count = Object.keys(attributes).length + Object.keys(capacity).length;
  if (count > mostAttributes)
    yield invalidValue(
      field,
      count,
      `the total number of attributes and capacities must not exceed ${mostAttributes}`,
    );
  for (const [key, attribute] of Object.entries(attributes)) {
    yield* attributeNameErrors(`${field}.attributes`, key);
    yield* attributeErrors(`${field}.attributes[${key}]`, attribute as Unchecked<V1DeviceAttribute>);
  }
  for (const [key, amount] of Object.entries(capacity)) {
    yield* attributeNameErrors(`${field}.capacity`, key);
    const hasPolicy = (amount as { readonly requestPolicy?: unknown }).requestPolicy !== undefined;
    if (hasPolicy && device.allowMultipleAllocations !== true)
      yield forbiddenValue(
        `${field}.capacity[${key}].requestPolicy`,
        "allowMultipleAllocations must be true",
      );
  }
  if (taints.length > 16) yield tooManyValues(`${field}.taints`, taints.length, 16);
  else for (const [index, taint] of taints.entries()) yield* taintErrors(`${field}.taints[${index}]`, taint);
  const hasPlace = [device.nodeName, device.nodeSelector, device.allNodes].some((one) => one !== undefined);
  if (!isPlaced && hasPlace)
    yield invalidValue(
      field,
      null,
      "`nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec",
    );
  if (isPlaced && !hasPlace)
    yield requiredValue(
      field,
      "exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when `perDeviceNodeSelection` is set to true in the ResourceSlice spec",
    );
}

const semver =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(\.(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?(\+[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?$/;
const longestValue = 64;

function* attributeErrors(field: string, attribute: Unchecked<V1DeviceAttribute>): FieldErrors {
  const { string, version } = attribute;
  if (string !== undefined && byteLength(string) > longestValue)
    yield tooLongValue(`${field}.string`, longestValue);
  if (version !== undefined && !semver.test(version))
    yield invalidValue(`${field}.version`, version, "must be a string compatible with semver.org spec 2.0.0");
  if (version !== undefined && byteLength(version) > longestValue)
    yield tooLongValue(`${field}.version`, longestValue);
  const count = Object.values(attribute).filter((value) => value !== undefined).length;
  if (count === 1) return;
  const shown = count === 0 ? "" : inGo("resource.DeviceAttribute", attribute);
  yield invalidValue(field, shown, "exactly one value must be specified");
}

const effects = ["NoExecute", "NoSchedule", "None"];

function* taintErrors(field: string, taint: Unchecked<V1DeviceTaint>): FieldErrors {
  const { key = "", value = "", effect = "" } = taint;
  yield* labelKeyErrors(`${field}.key`, key);
  if (value !== "") yield* invalidBecause(`${field}.value`, value, labelValue(value));
  if (effect === "") yield requiredValue(`${field}.effect`);
  else if (!effects.includes(effect)) yield unsupportedValue(`${field}.effect`, effect, effects);
}
