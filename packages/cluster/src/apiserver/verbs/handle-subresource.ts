import type { ApiRequest, ApiResponse } from "@seaworthy/client";
import type { ApiContext } from "../api-context.ts";
import { methodNotAllowed, noSuchPath, notFound } from "../http/status-error.ts";
import type { Route, ObjectRoute } from "../resource.ts";
import { getObject, writeObject } from "./handle-object.ts";
import { connectAdmitted, postAdmitted } from "./admitted/admit-subresource.ts";
import { handleScale } from "./handle-scale.ts";

/** Requests to `/status`, `/scale`, and what only some kinds have. */
export async function handleSubresource(
  context: ApiContext,
  route: Route,
  request: ApiRequest,
): Promise<ApiResponse> {
  if (route.name === undefined) throw noSuchPath();
  const target: ObjectRoute = { ...route, name: route.name };
  const { resource, subresource } = route;
  if (subresource === "status" && resource.status !== "none")
    return await handleStatus(context, target, request);
  if (subresource === "scale" && resource.hasScale === true)
    return await handleScale(context, target, request);
  const own = resource.subresources?.find(({ name }) => name === subresource);
  if (own === undefined && resource.type.isCustom === true) throw notFound(resource.type, target.name);
  if (own === undefined) throw noSuchPath();
  if (own.takesPaths !== true && !own.verbs.includes(verbs[request.method] ?? "")) throw methodNotAllowed();
  if (own.connects === true) return await connectAdmitted(context, target, own, request);
  if (request.method === "POST") return await postAdmitted(context, target, own, request);
  return await own.handle(context, target, request);
}

async function handleStatus(
  context: ApiContext,
  route: ObjectRoute,
  request: ApiRequest,
): Promise<ApiResponse> {
  if (request.method === "GET") return await getObject(context, route, request);
  if (request.method === "PUT" || request.method === "PATCH")
    return await writeObject(context, route, request, "status");
  throw methodNotAllowed();
}

/** What the methods of HTTP are called in Kubernetes. What stands under an object has no others: HEAD is 405, too. */
const verbs: Readonly<Record<string, string>> = {
  GET: "get",
  POST: "create",
  PUT: "update",
  PATCH: "patch",
  DELETE: "delete",
};
