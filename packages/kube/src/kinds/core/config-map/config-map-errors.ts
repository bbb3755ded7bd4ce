import type { ConfigMap, KubeObject } from "../../../object.ts";
import { invalidBecause, invalidValue, tooLongValue, type FieldErrors } from "../../field-error.ts";
import { byteLength, configMapKey } from "../../meta/names.ts";
import { coreObjectMetaErrors, coreObjectMetaUpdateErrors } from "../../meta/object-meta-errors.ts";
import { decodedLength, immutableErrors, mostDataBytes } from "../immutable-errors.ts";

/** What is wrong with a ConfigMap. */
export function* configMapErrors(object: KubeObject): FieldErrors {
  const { data = {}, binaryData = {} } = object as ConfigMap;
  yield* coreObjectMetaErrors(object);
  let size = 0;
  for (const [key, value] of Object.entries(data)) {
    yield* invalidBecause(`data[${key}]`, key, configMapKey(key));
    if (Object.hasOwn(binaryData, key))
      yield invalidValue(`data[${key}]`, key, "duplicate of key present in binaryData");
    size += byteLength(value ?? "");
  }
  for (const [key, value] of Object.entries(binaryData)) {
    yield* invalidBecause(`binaryData[${key}]`, key, configMapKey(key));
    size += decodedLength(value ?? "");
  }
  // This is how Kubernetes names the whole object.
  if (size > mostDataBytes) yield tooLongValue("[]", mostDataBytes);
}

/** What is wrong with a change of a ConfigMap. */
export function* configMapUpdateErrors(object: KubeObject, old: KubeObject): FieldErrors {
  yield* coreObjectMetaUpdateErrors(object, old);
  yield* immutableErrors(object, old, ["data", "binaryData"]);
  yield* configMapErrors(object);
}
