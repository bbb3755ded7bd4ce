import type { StorageV1TokenRequest, V1CSIDriver } from "@kubernetes/client-node";
import { deepEqual } from "../../../deep-equal.ts";
import type { KubeObject, Unchecked } from "../../../object.ts";
import {
  duplicateValue,
  invalidValue,
  requiredValue,
  unsupportedValue,
  type FieldErrors,
} from "../../field-error.ts";
import { immutableFieldErrors } from "../../meta/immutable-field-errors.ts";
import { coreObjectMetaErrors, coreObjectMetaUpdateErrors } from "../../meta/object-meta-errors.ts";

type Spec = NonNullable<Unchecked<V1CSIDriver>["spec"]>;

/** What is wrong with a new CSIDriver. */
export function* csiDriverErrors(object: KubeObject): FieldErrors {
  yield* coreObjectMetaErrors(object);
  yield* specErrors(specOf(object));
}

/** What is wrong with a change of a CSIDriver. One field has another name in the messages than in the API. */
export function* csiDriverUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  const [spec, before] = [specOf(object), specOf(old)];
  yield* coreObjectMetaUpdateErrors(object, old);
  yield* specErrors(spec);
  yield* immutableFieldErrors("spec.attachedRequired", spec.attachRequired, before.attachRequired);
  yield* immutableFieldErrors(
    "spec.volumeLifecycleModes",
    spec.volumeLifecycleModes,
    before.volumeLifecycleModes,
  );
}

/** What the API server warns of in a CSIDriver, which it takes nevertheless. */
export function* csiDriverWarnings(object: KubeObject, old: KubeObject | undefined): Generator<string> {
  const { tokenRequests = [], serviceAccountTokenInSecrets } = specOf(object);
  const isKnown = old !== undefined && deepEqual(specOf(old).tokenRequests ?? [], tokenRequests);
  if (tokenRequests.length > 0 && serviceAccountTokenInSecrets === undefined && !isKnown)
    yield "spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent possible logging of tokens in volume attributes";
}

function specOf(object: KubeObject): Spec {
  return (object as Unchecked<V1CSIDriver>).spec ?? {};
}

const groupPolicies = ["File", "None", "ReadWriteOnceWithFSType"];
const lifeCycles = ["Persistent", "Ephemeral"];

function* specErrors(spec: Spec): FieldErrors {
  const { attachRequired, podInfoOnMount, storageCapacity, fsGroupPolicy, tokenRequests = [] } = spec;
  for (const [name, value] of Object.entries({
    attachedRequired: attachRequired,
    podInfoOnMount,
    storageCapacity,
  }))
    if (value === undefined) yield requiredValue(`spec.${name}`);
  if (fsGroupPolicy !== undefined && !groupPolicies.includes(fsGroupPolicy))
    yield unsupportedValue("spec.fsGroupPolicy", fsGroupPolicy, groupPolicies);
  yield* tokenErrors("spec.tokenRequests", tokenRequests);
  for (const mode of spec.volumeLifecycleModes ?? [])
    if (!lifeCycles.includes(mode)) yield unsupportedValue("spec.volumeLifecycleModes", mode, lifeCycles);
  if (spec.seLinuxMount === undefined) yield requiredValue("spec.seLinuxMount");
  const { nodeAllocatableUpdatePeriodSeconds: period, serviceAccountTokenInSecrets: inSecrets } = spec;
  if (period !== undefined && period < 10)
    yield invalidValue(
      "spec.nodeAllocatableUpdatePeriodSeconds",
      period,
      "must be greater than or equal to 10 seconds",
    );
  if (inSecrets !== undefined && tokenRequests.length === 0)
    yield invalidValue(
      "spec.serviceAccountTokenInSecrets",
      inSecrets,
      "serviceAccountTokenInSecrets is set but no tokenRequests are specified",
    );
}

function* tokenErrors(field: string, requests: readonly Unchecked<StorageV1TokenRequest>[]): FieldErrors {
  const audiences = new Set<string>();
  for (const [index, { audience = "", expirationSeconds: seconds }] of requests.entries()) {
    const at = `${field}[${index}]`;
    if (audiences.has(audience)) {
      yield duplicateValue(`${at}.audience`, audience);
      continue;
    }
    audiences.add(audience);
    if (seconds !== undefined && seconds < 600)
      yield invalidValue(
        `${at}.expirationSeconds`,
        seconds,
        "may not specify a duration less than 10 minutes",
      );
    if (seconds !== undefined && seconds > 2 ** 32)
      yield invalidValue(
        `${at}.expirationSeconds`,
        seconds,
        "may not specify a duration larger than 2^32 seconds",
      );
  }
}
