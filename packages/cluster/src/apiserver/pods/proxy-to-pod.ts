import type { Pod } from "@seaworthy/kube";
import type { ApiRequest, ApiResponse } from "@seaworthy/client";
import type { ApiContext } from "../api-context.ts";
import { badRequest } from "../http/status-error.ts";
import { proxyRequest } from "../proxy/proxy-request.ts";
import { splitTarget } from "../proxy/proxy-target.ts";
import type { ObjectRoute } from "../resource.ts";
import { mustFind } from "../must-find.ts";

/**
 * Any request to `pods/{name}/proxy/…`, where the name may have a port: without one it is the first that the pod declares.
 * https://github.com/kubernetes/kubernetes/blob/master/pkg/registry/core/pod/strategy.go (ResourceLocation)
 */
export function proxyToPod(
  context: ApiContext,
  route: ObjectRoute,
  request: ApiRequest,
): Promise<ApiResponse> {
  const target = splitTarget(route.name);
  if (target === undefined) throw badRequest(`invalid pod request ${JSON.stringify(route.name)}`);
  const { spec, status } = mustFind(context, { ...route, name: target.name }).object as Pod;
  const declared = spec.containers.flatMap(({ ports = [] }) => ports)[0]?.containerPort;
  const port = target.port === "" ? String(declared ?? (target.isTls ? 443 : 80)) : target.port;
  const ip = status?.podIP ?? "";
  if (ip === "") throw badRequest("address not allowed");
  return proxyRequest(context, route, request, { isTls: target.isTls, ip, port });
}
