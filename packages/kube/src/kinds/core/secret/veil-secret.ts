import type { KubeObject, Secret } from "../../../object.ts";

/** `{}`: what is looked at as JSON, as a login for registries is, can still be read. */
const hidden = "e30=";

/** A Secret with its keys and without its values. */
export function veilSecret(object: KubeObject): KubeObject {
  const { data = {}, ...rest } = object as Secret;
  return { ...rest, data: Object.fromEntries(Object.keys(data ?? {}).map((key) => [key, hidden])) };
}
