import type { ResourceV1ResourceClaim } from "@kubernetes/client-node";
import { inGo } from "../../../go/in-go.ts";
import type { KubeObject, Unchecked } from "../../../object.ts";
import type { FieldErrors } from "../../field-error.ts";
import { immutableFieldErrors } from "../../meta/immutable-field-errors.ts";
import { coreObjectMetaErrors, coreObjectMetaUpdateErrors } from "../../meta/object-meta-errors.ts";
import { deviceClaimErrors } from "../device-claim-errors.ts";

/** What is wrong with a new ResourceClaim. */
export function* resourceClaimErrors(object: KubeObject): FieldErrors {
  yield* coreObjectMetaErrors(object);
  yield* deviceClaimErrors(
    "spec.devices",
    (object as Unchecked<ResourceV1ResourceClaim>).spec?.devices ?? {},
  );
}

/** What is wrong with a change of a ResourceClaim: its spec stays. */
export function* resourceClaimUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  yield* coreObjectMetaErrors(object);
  yield* coreObjectMetaUpdateErrors(object, old);
  const shown = inGo("resource.ResourceClaimSpec", object["spec"]);
  yield* immutableFieldErrors("spec", object["spec"], old["spec"], shown);
}
