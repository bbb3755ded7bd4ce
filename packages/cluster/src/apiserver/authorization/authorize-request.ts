import type { ApiRequest, UserInfo } from "@seaworthy/client";
import type { ObjectRoute } from "../resource.ts";
import { attributesOf } from "./attributes-of.ts";
import { isForResource, resourceAttributes, type Attributes } from "./attributes.ts";
import { isPrivileged, type Authorizer } from "./authorizer.ts";
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

/** Throws 403 when who may change an object may not create it, as a PUT or an apply of one that is not there does. */
export function authorizeCreation(
  { authorizer, user }: { readonly authorizer: Authorizer; readonly user?: UserInfo },
  { resource, namespace = "", name }: ObjectRoute,
): void {
  if (user === undefined || isPrivileged(user)) return;
  const { group, plural } = resource.type;
  demand(authorizer, user, resourceAttributes({ verb: "create", group, resource: plural, namespace, name }));
}

function demand(authorizer: Authorizer, user: UserInfo, attributes: Attributes): void {
  const { allowed, reason } = authorizer.authorize(user, attributes);
  if (!allowed) throw forbiddenRequest(user, attributes, reason);
}

/** https://github.com/kubernetes/kubernetes/issues/133515: `get` alone does not suffice for these. */
function opensStream({ group, resource, subresource }: Extract<Attributes, { resource: string }>): boolean {
  return group === "" && resource === "pods" && ["exec", "attach", "portforward"].includes(subresource);
}
