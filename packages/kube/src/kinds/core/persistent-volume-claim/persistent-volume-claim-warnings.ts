import type { V1PersistentVolumeClaim } from "@kubernetes/client-node";
import type { KubeObject, Unchecked } from "../../../object.ts";
import { canonicalQuantity, parseQuantity } from "../../../quantity/quantity.ts";
import type { UncheckedClaimSpec } from "./claim-spec-errors.ts";
import { classAnnotation } from "./persistent-volume-claim-errors.ts";

/** What the API server warns of in a claim, which it takes nevertheless. */
export function* persistentVolumeClaimWarnings(object: KubeObject): Generator<string> {
  if (object.metadata.annotations?.[classAnnotation] !== undefined)
    yield `metadata.annotations[${classAnnotation}]: deprecated since v1.8; use "storageClassName" attribute instead`;
  yield* claimSpecWarnings("spec", (object as Unchecked<V1PersistentVolumeClaim>).spec ?? {});
}

/** What it warns of in the spec of a claim or of a template of one. */
export function* claimSpecWarnings(field: string, { resources }: UncheckedClaimSpec): Generator<string> {
  for (const list of ["requests", "limits"] as const) {
    const storage = resources?.[list]?.["storage"];
    if (storage === undefined || parseQuantity(storage) % 1_000_000_000n === 0n) continue;
    const shown = JSON.stringify(canonicalQuantity(storage));
    yield `${field}.resources.${list}[storage]: fractional byte value ${shown} is invalid, must be an integer`;
  }
}
