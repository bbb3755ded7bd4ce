import type { ApiRequest, ApiResponse } from "@seaworthy/client";
import { deepEqual, podEphemeralContainersErrors, type Pod } from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";
import { refuseInvalid } from "../http/status-error.ts";
import { refusedKind, startOf, type ObjectRoute } from "../resource.ts";
import type { StoredObject } from "../store/stored-object.ts";
import { getObject, writeObject } from "../verbs/handle-object.ts";
import { checkPreconditions } from "../verbs/update-object.ts";

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
  const old = startOf(resource, stored) as Pod;
  checkPreconditions(resource, draft, old);
  const { managedFields } = draft.metadata;
  const { ephemeralContainers = [] } = draft.spec;
  const pod: Pod = {
    ...old,
    metadata: { ...old.metadata, ...(managedFields === undefined ? {} : { managedFields }) },
    spec: { ...old.spec, ephemeralContainers },
  };
  if (ephemeralContainers.length === 0) delete pod.spec.ephemeralContainers;
  if (!deepEqual(pod.spec, old.spec)) pod.metadata.generation = (old.metadata.generation ?? 0) + 1;
  refuseInvalid(refusedKind(resource), name, [...podEphemeralContainersErrors(pod, old)]);
  return pod;
}
