import type { ApiRequest, ApiResponse } from "@seaworthy/client";
import type { ApiContext } from "../api-context.ts";
import { bindPod } from "../pods/bind-pod.ts";
import { parseBody } from "../http/parse-body.ts";
import { deleteObject, type DeletionOptions } from "./delete-object.ts";
import { getObject, mustFind, writeObject, type ObjectRoute } from "./handle-object.ts";
import { handleScale } from "./handle-scale.ts";
import { readPodLog } from "../pods/read-pod-log.ts";
import { jsonResponse } from "../http/responses.ts";
import type { Route } from "../route.ts";
import { methodNotAllowed, noSuchPath } from "../http/status-error.ts";
import { readWriteQuery } from "./write-request.ts";

/** Requests to `/status`, `/scale`, and what only pods and namespaces have. */
export function handleSubresource(
  context: ApiContext,
  route: Route,
  request: ApiRequest,
): ApiResponse | Promise<ApiResponse> {
  if (route.name === undefined) throw noSuchPath();
  const target: ObjectRoute = { ...route, name: route.name };
  const { resource, subresource } = route;
  if (subresource === "status" && resource.status !== "none") return part(context, target, request, "status");
  if (subresource === "scale" && resource.hasScale === true) return handleScale(context, target, request);
  if (subresource === "finalize" && resource.type.kind === "Namespace")
    return part(context, target, request, "finalize");
  if (resource.type.kind !== "Pod") throw noSuchPath();
  if (subresource === "log" && request.method === "GET") return readPodLog(context, target, request);
  if (subresource === "binding" && request.method === "POST") return bindPod(context, target, request);
  if (subresource === "eviction" && request.method === "POST") return evict(context, target, request);
  throw noSuchPath();
}

function part(
  context: ApiContext,
  route: ObjectRoute,
  request: ApiRequest,
  which: "status" | "finalize",
): ApiResponse {
  if (request.method === "GET") return getObject(context, route, request);
  if (request.method === "PUT" || request.method === "PATCH")
    return writeObject(context, route, request, which);
  throw methodNotAllowed();
}

/** policy/v1 Eviction. There are no disruption budgets yet, so it is a plain delete. */
function evict(context: ApiContext, route: ObjectRoute, request: ApiRequest): ApiResponse {
  const body = parseBody(request) as { deleteOptions?: DeletionOptions } | undefined;
  mustFind(context, route);
  deleteObject(context, route.resource, route, {
    ...body?.deleteOptions,
    dryRun: readWriteQuery(request).dryRun,
  });
  return jsonResponse(
    201,
    JSON.stringify({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 }),
  );
}
