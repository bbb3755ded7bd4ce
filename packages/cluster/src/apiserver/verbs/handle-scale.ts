import {
  formatLabelSelector,
  invalidValue,
  jsonPatch,
  mergePatch,
  type Deployment,
  type JsonPatchOperation,
  type KubeObject,
} from "@seaworthy/kube";
import type { ApiRequest, ApiResponse } from "@seaworthy/client";
import type { ApiContext } from "../api-context.ts";
import { parseBody } from "../http/parse-body.ts";
import { mustFind } from "./handle-object.ts";
import type { ObjectRoute } from "../resource.ts";
import { jsonResponse } from "../http/responses.ts";
import { badRequest, invalid, methodNotAllowed } from "../http/status-error.ts";
import { updateObject } from "./update-object.ts";
import { readWriteQuery } from "./write-request.ts";

/** An autoscaling/v1 Scale, the view of a workload that only knows replicas. */
interface Scale {
  readonly metadata?: { readonly name?: string; readonly resourceVersion?: string; readonly uid?: string };
  readonly spec?: { readonly replicas?: number };
}

/** GET, PUT and PATCH of `/scale`. */
export function handleScale(context: ApiContext, route: ObjectRoute, request: ApiRequest): ApiResponse {
  const stored = mustFind(context, route);
  if (request.method === "GET") return jsonResponse(200, JSON.stringify(scaleOf(stored.object)));
  if (request.method !== "PUT" && request.method !== "PATCH") throw methodNotAllowed();
  const options = readWriteQuery(request);
  const contentType = request.headers["content-type"] ?? "";
  const body = parseBody(request);
  const updated = updateObject(
    context,
    route.resource,
    { namespace: route.namespace, name: route.name, part: "main" },
    (old) => {
      const scale =
        request.method === "PUT" ? (body as Scale) : patchScale(scaleOf(old.object), body, contentType);
      return rescale(old.copy() as Deployment, scale);
    },
    options,
  );
  return jsonResponse(200, JSON.stringify(scaleOf(updated.object)));
}

function scaleOf(object: KubeObject): Record<string, unknown> & Scale {
  const { metadata, spec, status } = object as Deployment;
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp } as NonNullable<Scale["metadata"]>,
    spec: spec.replicas === undefined || spec.replicas === 0 ? {} : { replicas: spec.replicas },
    status: { replicas: status?.replicas ?? 0, selector: formatLabelSelector(spec.selector) },
  };
}

function patchScale(scale: Scale, patch: unknown, contentType: string): Scale {
  if (contentType.startsWith("application/json-patch+json")) {
    return jsonPatch(scale, patch as JsonPatchOperation[]) as Scale;
  }
  // A Scale has neither lists nor directives, so a strategic patch of it is a merge patch.
  return mergePatch(scale, patch) as Scale;
}

function rescale(draft: Deployment, scale: Scale): Deployment {
  const replicas = scale?.spec?.replicas ?? 0;
  const { name, resourceVersion, uid } = scale?.metadata ?? {};
  if (name !== undefined && name !== draft.metadata.name) {
    throw badRequest(
      `the name of the object (${name}) does not match the name on the URL (${draft.metadata.name})`,
    );
  }
  if (replicas < 0) {
    throw invalid({ group: "autoscaling", plural: "scales", kind: "Scale" }, draft.metadata.name, [
      invalidValue("spec.replicas", replicas, "must be greater than or equal to 0"),
    ]);
  }
  draft.spec.replicas = replicas;
  if (resourceVersion !== undefined) draft.metadata.resourceVersion = resourceVersion;
  if (uid !== undefined) draft.metadata.uid = uid;
  return draft;
}
