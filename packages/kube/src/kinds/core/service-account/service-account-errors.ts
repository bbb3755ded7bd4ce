import type { KubeObject } from "../../../object.ts";
import type { FieldErrors } from "../../field-error.ts";
import { coreObjectMetaErrors, coreObjectMetaUpdateErrors } from "../../meta/object-meta-errors.ts";

/** What is wrong with a new ServiceAccount. */
export function serviceAccountErrors(object: KubeObject): FieldErrors {
  return coreObjectMetaErrors(object);
}

/** What is wrong with a change of a ServiceAccount. */
export function* serviceAccountUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  yield* coreObjectMetaUpdateErrors(object, old);
  yield* coreObjectMetaErrors(object);
}

const mountableSecrets = "kubernetes.io/enforce-mountable-secrets";

/** What the API server warns of in a ServiceAccount, which it takes nevertheless. */
export function* serviceAccountWarnings(object: KubeObject, old: KubeObject | undefined): Generator<string> {
  const isNew = old?.metadata.annotations?.[mountableSecrets] === undefined;
  if (isNew && object.metadata.annotations?.[mountableSecrets] !== undefined)
    yield `metadata.annotations[${mountableSecrets}]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets`;
}
