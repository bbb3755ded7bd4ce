import type { ResourceType } from "./kube-client.ts";

/** The REST path of a collection, an object, or a subresource of an object. */
export function resourcePath(
  type: Omit<ResourceType, "kind">,
  namespace: string | undefined,
  name?: string,
  subresource?: string,
): string {
  const root = type.group === "" ? `/api/${type.version}` : `/apis/${type.group}/${type.version}`;
  const scope =
    type.namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : "";
  const object = name === undefined ? "" : `/${encodeURIComponent(name)}`;
  return `${root}${scope}/${type.plural}${object}${subresource === undefined ? "" : `/${subresource}`}`;
}
