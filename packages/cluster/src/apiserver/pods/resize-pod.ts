import type { ApiRequest, ApiResponse } from "@seaworthy/client";
import { podResizeErrors, type Container, type Pod } from "@seaworthy/kube";
import { admitLimits } from "../admission/limit-bounds.ts";
import type { ApiContext } from "../api-context.ts";
import { refuseInvalid } from "../http/status-error.ts";
import { refusedKind, type ObjectRoute } from "../resource.ts";
import type { StoredObject } from "../store/stored-object.ts";
import { getObject, writeObject } from "../verbs/handle-object.ts";
import { withPodSpec } from "./with-pod-spec.ts";

/**
 * GET, PUT and PATCH of `pods/{name}/resize`: other resources for the containers of a pod that runs. All else of the pod stays.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/registry/core/pod/strategy.go (podResizeStrategy)
 */
export async function resizePod(
  context: ApiContext,
  route: ObjectRoute,
  request: ApiRequest,
): Promise<ApiResponse> {
  if (request.method === "GET") return await getObject(context, route, request);
  return await writeObject(context, route, request, "resources", (stored, asked) =>
    resize(context, route, stored, asked as Pod),
  );
}

function resize(context: ApiContext, { resource, name }: ObjectRoute, stored: StoredObject, draft: Pod): Pod {
  const { pod, old } = withPodSpec(resource, stored, draft, withResources);
  refuseInvalid(refusedKind(resource), name, [...podResizeErrors(pod, old)]);
  admitLimits(context, resource, pod);
  return pod;
}

/** Containers that are others, or in another order, are taken as they are, to be refused. */
function withResources(spec: Pod["spec"], wanted: Pod["spec"]): Pod["spec"] {
  const { containers, initContainers = [] } = spec;
  const { containers: wantedMain, initContainers: wantedInit = [] } = wanted;
  if (wantedMain.length !== containers.length || wantedInit.length !== initContainers.length)
    return { ...spec, containers: wantedMain, initContainers: wantedInit };
  return {
    ...spec,
    containers: mergeAll(containers, wantedMain),
    ...(spec.initContainers === undefined ? {} : { initContainers: mergeAll(initContainers, wantedInit) }),
  };
}

function mergeAll(containers: readonly Container[], wanted: readonly Container[]): Container[] {
  if (containers.some(({ name }, index) => name !== wanted[index]!.name)) return [...wanted];
  return containers.map((container, index) => {
    const { resources: _resources, resizePolicy: _resizePolicy, ...rest } = container;
    const { resources, resizePolicy } = wanted[index]!;
    return {
      ...rest,
      ...(resources === undefined ? {} : { resources }),
      ...(resizePolicy === undefined ? {} : { resizePolicy }),
    };
  });
}
