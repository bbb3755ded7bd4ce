import type { ApiRequest } from "@seaworthy/client";
import { attributesOf } from "./attributes-of.ts";
import { isForResource, type Attributes } from "./attributes.ts";
import type { Authorizer } from "./authorizer.ts";
import { isPrivileged } from "./authorizer.ts";
import { forbiddenRequest } from "./forbidden-request.ts";

/** Throws 403 when the user of a request may not do what it asks for. Its body is not looked at. */
export function authorizeRequest(authorizer: Authorizer, request: Omit<ApiRequest, "body">): void {
  if (request.user === undefined || isPrivileged(request.user)) return;
  const attributes = attributesOf(request);
  demand(authorizer, request.user, attributes);
  // Programs in pods were once run by a GET, which is all that a WebSocket can begin with.
  if (isForResource(attributes) && attributes.verb === "get" && opensStream(attributes))
    demand(authorizer, request.user, { ...attributes, verb: "create" });
}

function demand(authorizer: Authorizer, user: NonNullable<ApiRequest["user"]>, attributes: Attributes): void {
  const { allowed, reason } = authorizer.authorize(user, attributes);
  if (!allowed) throw forbiddenRequest(user, attributes, reason);
}

/** https://github.com/kubernetes/kubernetes/issues/133515: `get` alone does not suffice for these. */
function opensStream({ group, resource, subresource }: Extract<Attributes, { resource: string }>): boolean {
  return group === "" && resource === "pods" && ["exec", "attach", "portforward"].includes(subresource);
}
