import type { Service } from "@seaworthy/kube";
import type { ApiRequest, ApiResponse } from "@seaworthy/client";
import type { ApiContext } from "../api-context.ts";
import { badRequest } from "../http/status-error.ts";
import { proxyRequest, serviceUnavailable } from "../proxy/proxy-request.ts";
import { splitTarget } from "../proxy/proxy-target.ts";
import type { ObjectRoute } from "../resource.ts";
import { mustFind } from "../must-find.ts";
import { choosePlace, readyEndpoints } from "./ready-endpoints.ts";

/**
 * Any request to `services/{name}/proxy/…`: it goes to one of the ready endpoints of a port, which the name may have by
 * its name or its number.
 * https://github.com/kubernetes/kubernetes/blob/master/pkg/registry/core/service/storage/storage.go (ResourceLocation)
 */
export function proxyToService(
  context: ApiContext,
  route: ObjectRoute,
  request: ApiRequest,
): Promise<ApiResponse> {
  const target = splitTarget(route.name);
  if (target === undefined) throw badRequest(`invalid service request ${JSON.stringify(route.name)}`);
  const { isTls, name } = target;
  const { spec } = mustFind(context, { ...route, name }).object as Service;
  const portName = /^\d+$/.test(target.port) ? nameOfPort(spec, target.port, name) : target.port;
  const endpoints = readyEndpoints(context, route.namespace ?? "", name);
  const place = choosePlace(context, endpoints, portName);
  // Where there are none at all, the port is not told.
  const id = endpoints.length === 0 ? name : route.name;
  if (place === undefined)
    throw serviceUnavailable(`no endpoints available for service ${JSON.stringify(id)}`);
  return proxyRequest(context, route, request, { isTls, ...place });
}

function nameOfPort({ ports = [] }: NonNullable<Service["spec"]>, number: string, service: string): string {
  const found = ports.find(({ port }) => port === Number(number));
  if (found === undefined)
    throw serviceUnavailable(
      `no service port ${Number(number)} found for service ${JSON.stringify(service)}`,
    );
  return found.name ?? "";
}
