import type { Pod } from "@seaworthy/kube";
import type { ApiRequest, ApiResponse } from "@seaworthy/client";
import type { ApiContext } from "../api-context.ts";
import { servePortForward } from "../port-forward/serve-port-forward.ts";
import type { ObjectRoute } from "../resource.ts";
import { mustFind } from "../must-find.ts";
import { mustHaveHost } from "./exec-pod.ts";

/** GET and POST of `pods/{name}/portforward`: connections to the pod's ports over the client's connection. */
export function forwardPortsOfPod(context: ApiContext, route: ObjectRoute, request: ApiRequest): ApiResponse {
  mustHaveHost(mustFind(context, route).object as Pod);
  const { namespace = "", name } = route;
  return servePortForward(request, context.kubelet.findPod(namespace, name), `${name}_${namespace}`);
}
