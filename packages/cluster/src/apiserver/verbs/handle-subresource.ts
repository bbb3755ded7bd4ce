import type { ApiRequest, ApiResponse } from "@seaworthy/client";
import type { ApiContext } from "../api-context.ts";
import { methodNotAllowed, noSuchPath, notFound } from "../http/status-error.ts";
import type { Route, ObjectRoute } from "../resource.ts";
import { getObject, writeObject } from "./handle-object.ts";
import { handleScale } from "./handle-scale.ts";

/** Requests to `/status`, `/scale`, and what only some kinds have. */
export function handleSubresource(
  context: ApiContext,
  route: Route,
  request: ApiRequest,
): ApiResponse | Promise<ApiResponse> {
  if (route.name === undefined) throw noSuchPath();
  const target: ObjectRoute = { ...route, name: route.name };
  const { resource, subresource } = route;
  if (subresource === "status" && resource.status !== "none") return handleStatus(context, target, request);
  if (subresource === "scale" && resource.hasScale === true) return handleScale(context, target, request);
  const own = resource.subresources?.find(({ name }) => name === subresource);
  if (own === undefined && resource.type.isCustom === true) throw notFound(resource.type, target.name);
  if (own === undefined || !isPossible(own.verbs, request.method)) throw noSuchPath();
  return own.handle(context, target, request);
}

function handleStatus(context: ApiContext, route: ObjectRoute, request: ApiRequest): ApiResponse {
  if (request.method === "GET") return getObject(context, route, request);
  if (request.method === "PUT" || request.method === "PATCH")
    return writeObject(context, route, request, "status");
  throw methodNotAllowed();
}

/** A subresource that is only created, or only read, has no other method. */
function isPossible(verbs: readonly string[], method: string): boolean {
  const only = verbs.length === 1 ? verbs[0] : undefined;
  return only === "create" ? method === "POST" : only === "get" ? method === "GET" : true;
}
