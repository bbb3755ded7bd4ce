import { findTypeSchema, type KubeObject } from "@seaworthy/kube";
import { typeOf } from "./custom-types.ts";

/**
 * An object with a spec: one that is not written is an empty one, as in the API server's own types. A kind whose type has no
 * spec, such as a ConfigMap, gets none.
 */
export function withSpec(object: KubeObject): KubeObject {
  const { spec } = object as { readonly spec?: unknown };
  if (spec !== undefined && spec !== null) return object;
  const type = typeOf(object);
  const fields = type === undefined ? undefined : findTypeSchema(type);
  return fields?.has("spec") === false ? object : { ...object, spec: {} };
}
