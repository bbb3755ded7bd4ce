import type { V1PersistentVolumeClaimTemplate } from "@kubernetes/client-node";
import type { Wire } from "../../../../object.ts";
import type { FieldErrors } from "../../../field-error.ts";
import { templateMetaErrors } from "../../../meta/object-meta-errors.ts";
import { claimSpecErrors } from "../../persistent-volume-claim/claim-spec-errors.ts";

/** What is wrong with the claim that is made for an ephemeral volume. */
export function* claimTemplateErrors(
  field: string,
  template: Wire<V1PersistentVolumeClaimTemplate>,
): FieldErrors {
  yield* templateMetaErrors(`${field}.metadata`, template.metadata);
  yield* claimSpecErrors(`${field}.spec`, template.spec ?? {});
}
