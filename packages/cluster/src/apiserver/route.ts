import { namespaceSubresources } from "./authorization/attributes-of.ts";
import { pathParts } from "./path-parts.ts";
import type { Resources, Route } from "./resource.ts";

/** Reads `/api/v1/…` and `/apis/{group}/{version}/…`; undefined when no served type is there. */
export function findRoute(path: string, resources: Resources): Route | undefined {
  const parts = pathParts(path);
  if (parts === undefined) return undefined;
  const [root, ...rest] = parts;
  if (root === "api") return fromParts(resources, "", rest[0] ?? "", rest.slice(1));
  if (root === "apis") return fromParts(resources, rest[0] ?? "", rest[1] ?? "", rest.slice(2));
  return undefined;
}

function fromParts(
  resources: Resources,
  group: string,
  version: string,
  parts: readonly string[],
): Route | undefined {
  // `/namespaces/x/status` is a subresource of the namespace, not a collection called status inside it.
  const [first, namespace, plural] = parts;
  const inNamespace = first === "namespaces" && plural !== undefined && !namespaceSubresources.has(plural);
  const [type, name, subresource, ...more] = inNamespace ? parts.slice(2) : parts;
  if (type === undefined) return undefined;
  const resource = resources.find(group, version, type);
  const takesPaths = resource?.subresources?.find((each) => each.name === subresource)?.takesPaths === true;
  if (more.length > 0 && !takesPaths) return undefined;
  if (resource === undefined || (inNamespace && !resource.type.namespaced)) return undefined;
  if (name !== undefined && resource.type.namespaced && !inNamespace) return undefined;
  const route = { resource, namespace: inNamespace ? namespace : undefined, name, subresource };
  return takesPaths ? { ...route, below: more } : route;
}
