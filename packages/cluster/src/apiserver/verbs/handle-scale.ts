import {
  formatLabelSelector,
  invalidValue,
  jsonPatch,
  mergePatch,
  setAtPath,
  valueAtPath,
  type Deployment,
  type JsonPatchOperation,
  type KubeObject,
} from "@seaworthy/kube";
import type { ApiRequest, ApiResponse } from "@seaworthy/client";
import type { ApiContext } from "../api-context.ts";
import { parseBody } from "../http/parse-body.ts";
import { mustFind } from "./handle-object.ts";
import { shownIn, startOf, type ObjectRoute, type Resource } from "../resource.ts";
import type { StoredObject } from "../store/stored-object.ts";
import { jsonResponse } from "../http/responses.ts";
import { badRequest, invalid, methodNotAllowed, StatusError } from "../http/status-error.ts";
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
  const { resource } = route;
  if (request.method === "GET") return jsonResponse(200, JSON.stringify(readScale(resource, stored)));
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
        request.method === "PUT"
          ? (body as Scale)
          : patchScale(scaleOf(resource, startOf(resource, old)), body, contentType);
      return rescale(resource, shownIn(resource, old).copy(), scale);
    },
    options,
  );
  return jsonResponse(200, JSON.stringify(scaleOf(resource, startOf(resource, updated))));
}

/** A custom object whose replicas are not there has no Scale. */
function readScale(resource: Resource, stored: StoredObject): Scale {
  const object = startOf(resource, stored);
  const path = resource.scalePaths?.specReplicasPath;
  if (path !== undefined && valueAtPath(object, path) === undefined) {
    const why = `the spec replicas field ${JSON.stringify(path)} does not exist`;
    throw new StatusError(500, "InternalError", `Internal error occurred: ${why}`, {
      causes: [{ message: why }],
    });
  }
  return scaleOf(resource, object);
}

function scaleOf(resource: Resource, object: KubeObject): Record<string, unknown> & Scale {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const { replicas, status } = shownScale(resource, object);
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp } as NonNullable<Scale["metadata"]>,
    spec: replicas === undefined || replicas === 0 ? {} : { replicas },
    status,
  };
}

function shownScale(
  { scalePaths }: Resource,
  object: KubeObject,
): { readonly replicas: number | undefined; readonly status: object } {
  if (scalePaths === undefined) {
    const { spec, status } = object as Deployment;
    const selector = formatLabelSelector(spec.selector);
    return { replicas: spec.replicas, status: { replicas: status?.replicas ?? 0, selector } };
  }
  const { specReplicasPath, statusReplicasPath, labelSelectorPath = "" } = scalePaths;
  const selector = labelSelectorPath === "" ? undefined : valueAtPath(object, labelSelectorPath);
  return {
    replicas: valueAtPath(object, specReplicasPath) as number | undefined,
    status: {
      replicas: (valueAtPath(object, statusReplicasPath) as number | undefined) ?? 0,
      ...(typeof selector === "string" && selector !== "" ? { selector } : {}),
    },
  };
}

function patchScale(scale: Scale, patch: unknown, contentType: string): Scale {
  if (contentType.startsWith("application/json-patch+json")) {
    return jsonPatch(scale, patch as JsonPatchOperation[]) as Scale;
  }
  // A Scale has neither lists nor directives, so a strategic patch of it is a merge patch.
  return mergePatch(scale, patch) as Scale;
}

function rescale({ scalePaths }: Resource, draft: KubeObject, scale: Scale): KubeObject {
  const replicas = scale?.spec?.replicas ?? 0;
  const { name, resourceVersion, uid } = scale?.metadata ?? {};
  if (name !== undefined && name !== draft.metadata.name) {
    throw badRequest(
      `the name of the object (${name}) does not match the name on the URL (${draft.metadata.name})`,
    );
  }
  // Of a custom object its own schema says what its replicas may be.
  if (replicas < 0 && scalePaths === undefined) {
    throw invalid({ group: "autoscaling", plural: "scales", kind: "Scale" }, draft.metadata.name, [
      invalidValue("spec.replicas", replicas, "must be greater than or equal to 0"),
    ]);
  }
  setAtPath(draft, scalePaths?.specReplicasPath ?? ".spec.replicas", replicas);
  if (resourceVersion !== undefined) draft.metadata.resourceVersion = resourceVersion;
  if (uid !== undefined) draft.metadata.uid = uid;
  return draft;
}
