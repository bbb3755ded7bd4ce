import type { ApiRequest } from "@seaworthy/client";
import { pathParts } from "../path-parts.ts";
import { resourceAttributes, type Attributes } from "./attributes.ts";

/**
 * What a request is about to do. It is read off the path alone, so that it is known of types that are not served, too.
 * https://github.com/kubernetes/apiserver/blob/master/pkg/endpoints/request/requestinfo.go (NewRequestInfo)
 */
export function attributesOf(request: Pick<ApiRequest, "method" | "path" | "query">): Attributes {
  const [root = "", ...parts] = pathParts(request.path) ?? [];
  const isGroupless = root === "api";
  // `/api/v1` and `/apis/apps/v1` are discovery; whatever is below is for objects.
  if ((!isGroupless && root !== "apis") || parts.length < (isGroupless ? 2 : 3))
    return { verb: request.method.toLowerCase(), path: request.path };
  return forResource(request, isGroupless ? "" : parts[0]!, parts.slice(isGroupless ? 1 : 2));
}

function forResource(
  request: Pick<ApiRequest, "method" | "query">,
  group: string,
  below: readonly string[],
): Attributes {
  const prefix = below.length > 1 && legacyPrefixes.has(below[0]!) ? below[0]! : undefined;
  const parts = prefix === undefined ? below : below.slice(1);
  const isInNamespace = parts[0] === "namespaces" && parts.length > 1;
  const namespace = isInNamespace ? parts[1]! : "";
  const isBelowNamespace = isInNamespace && parts.length > 2 && !namespaceSubresources.has(parts[2]!);
  const [resource = "", name = "", subresource = ""] = isBelowNamespace ? parts.slice(2) : parts;
  const verb = prefix ?? verbs[request.method] ?? "";
  const more = { group, resource, namespace, subresource: prefix === "proxy" ? "" : subresource };
  if (name !== "") return resourceAttributes({ verb, name, ...more });
  if (verb === "delete") return resourceAttributes({ verb: "deletecollection", ...more });
  if (verb !== "get") return resourceAttributes({ verb, ...more });
  const only = onlyName(request.query.get("fieldSelector"));
  return resourceAttributes({ verb: asksForWatch(request.query) ? "watch" : "list", name: only, ...more });
}

const verbs: Readonly<Record<string, string>> = {
  GET: "get",
  HEAD: "get",
  POST: "create",
  PUT: "update",
  PATCH: "patch",
  DELETE: "delete",
};
/** Paths of times before resources had watches and proxies of their own. */
const legacyPrefixes: ReadonlySet<string> = new Set(["watch", "proxy"]);
/** `/namespaces/x/status` is about the namespace, and not about things called status inside it. */
export const namespaceSubresources: ReadonlySet<string> = new Set(["status", "finalize"]);

function asksForWatch(query: URLSearchParams): boolean {
  const watch = query.get("watch");
  return watch === "true" || watch === "1";
}

/** Who lists with `metadata.name=x` asks for x only, which a rule for x allows. */
function onlyName(fieldSelector: string | null): string {
  return /(?:^|,)metadata\.name={1,2}([^,=!]+)(?:,|$)/.exec(fieldSelector ?? "")?.[1] ?? "";
}
