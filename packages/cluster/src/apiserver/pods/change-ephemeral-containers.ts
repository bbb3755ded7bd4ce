import type { ApiRequest, ApiResponse } from "@seaworthy/client";
import { podEphemeralContainersErrors, type Pod } from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";
import { refuseInvalid } from "../http/status-error.ts";
import { refusedKind, type ObjectRoute } from "../resource.ts";
import type { StoredObject } from "../store/stored-object.ts";
import { getObject, writeObject } from "../verbs/handle-object.ts";
import { withPodSpec } from "./with-pod-spec.ts";

/**
 * GET, PUT and PATCH of `pods/{name}/ephemeralcontainers`: adds containers to a pod that runs. All else of the pod stays.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/registry/core/pod/strategy.go (podEphemeralContainersStrategy)
 */
export async function changeEphemeralContainers(
  context: ApiContext,
  route: ObjectRoute,
  request: ApiRequest,
): Promise<ApiResponse> {
  if (request.method === "GET") return await getObject(context, route, request);
  return await writeObject(context, route, request, "status", (stored, asked) =>
    addContainers(route, stored, asked as Pod),
  );
}

function addContainers({ resource, name }: ObjectRoute, stored: StoredObject, draft: Pod): Pod {
  const { pod, old } = withPodSpec(resource, stored, draft, withEphemeralContainers);
  refuseInvalid(refusedKind(resource), name, [...podEphemeralContainersErrors(pod, old)]);
  return pod;
}

function withEphemeralContainers(
  { ephemeralContainers: _old, ...spec }: Pod["spec"],
  { ephemeralContainers = [] }: Pod["spec"],
): Pod["spec"] {
  return ephemeralContainers.length === 0 ? spec : { ...spec, ephemeralContainers };
}
