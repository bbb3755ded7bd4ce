import {
  fieldElement,
  FieldSet,
  formatLabelSelector,
  fromScaleOwners,
  invalidValue,
  mergePatch,
  openApiMergeType,
  setAtPath,
  toScaleOwners,
  valueAtPath,
  type Deployment,
  type JsonObject,
  type KubeObject,
  type ManagedFieldsEntry,
  type OwnershipRules,
  type Path,
} from "@seaworthy/kube";
import type { ApiRequest, ApiResponse } from "@seaworthy/client";
import type { ApiContext } from "../api-context.ts";
import { applyMediaType, checkPatchType, mediaTypeOf, parseBody } from "../http/parse-body.ts";
import { prepareToShow } from "../conversion/prepare-to-show.ts";
import { mustFind } from "../must-find.ts";
import { shownIn, startOf, type ObjectRoute, type Resource } from "../resource.ts";
import type { StoredObject } from "../store/stored-object.ts";
import { jsonResponse } from "../http/responses.ts";
import { invalid, methodNotAllowed, StatusError } from "../http/status-error.ts";
import { applyJsonPatch } from "./apply-patch.ts";
import { checkIdentity } from "./check-identity.ts";
import { configurationApplier } from "./apply-configuration.ts";
import { setManagedFields, trackWrite } from "./ownership.ts";
import { operationOptions } from "./admitted/object-attributes.ts";
import { updateAdmitted, type Change } from "./admitted/update-admitted.ts";
import { prepareUpdate } from "./update-object.ts";
import { readWriteQuery, type WriteQuery } from "./write-request.ts";

/** An autoscaling/v1 Scale, the view of a workload that only knows replicas. */
interface Scale extends KubeObject {
  spec?: { replicas?: number };
}

/** GET, PUT and PATCH of `/scale`. */
export async function handleScale(
  context: ApiContext,
  route: ObjectRoute,
  request: ApiRequest,
): Promise<ApiResponse> {
  const stored = mustFind(context, route);
  const { resource } = route;
  await prepareToShow(context, resource, [stored]);
  if (request.method === "GET") return jsonResponse(200, JSON.stringify(readScale(resource, stored)));
  if (request.method !== "PUT" && request.method !== "PATCH") throw methodNotAllowed();
  if (request.method === "PATCH") checkPatchType(request.headers);
  const options = { ...readWriteQuery(request), warnings: [] as string[] };
  const change = changeOfScale(context, route, scaleChange(context, request, options), options);
  const updated = await updateAdmitted(context, route, change, options);
  await prepareToShow(context, resource, [updated]);
  const scale = JSON.stringify(scaleOf(resource, startOf(resource, updated)));
  return jsonResponse(200, scale, options.warnings);
}

/** Says what a Scale should become, and who owns it then. */
type ScaleChange = (old: Scale) => {
  readonly scale: Scale;
  readonly managedFields: ManagedFieldsEntry[] | undefined;
};

function scaleChange(context: ApiContext, request: ApiRequest, options: WriteQuery): ScaleChange {
  if (request.method === "PATCH" && mediaTypeOf(request.headers) === applyMediaType) {
    const apply = configurationApplier(context, scaleOwnership, request, options);
    return (old) => {
      const { object, managedFields } = apply(old);
      return { scale: object as unknown as Scale, managedFields };
    };
  }
  const body = parseBody(request);
  return (old) => {
    const scale =
      request.method === "PUT" ? (body as Scale) : patchScale(old, body, mediaTypeOf(request.headers));
    const next = { ...scale, metadata: scale?.metadata ?? {} };
    const write = { live: old, next, manager: options.manager };
    return { scale, managedFields: trackWrite(context, scaleOwnership, write) };
  };
}

/** The change of the object whose Scale is changed, and whose owners follow those of the Scale. */
function changeOfScale(
  context: ApiContext,
  { resource, namespace, name }: ObjectRoute,
  changeScale: ScaleChange,
  options: WriteQuery,
): Change {
  const replicasIn = (apiVersion: string) => replicasPath(resource.typeIn(apiVersion)?.storage);
  let managedFields: ManagedFieldsEntry[] | undefined;
  const asJson = (scale: KubeObject) => scale as unknown as JsonObject;
  return {
    part: "main",
    attributes: {
      operation: "UPDATE",
      resource,
      subresource: "scale",
      kind: { group: "autoscaling", version: "v1", kind: "Scale" },
      namespace,
      name,
      options: operationOptions("UPDATE", options),
      dryRun: options.dryRun,
    },
    propose(stored) {
      const old = startOf(resource, stored);
      const before = scaleOf(resource, old);
      setManagedFields(before, toScaleOwners(old.metadata.managedFields, replicasIn));
      const changed = changeScale(before);
      managedFields = changed.managedFields;
      return changed.scale;
    },
    show: asJson,
    showOld: (stored) => asJson(scaleOf(resource, startOf(resource, stored))),
    read: (shown) => structuredClone(shown) as unknown as KubeObject,
    prepare(stored, scale) {
      const { managedFields: entries } = startOf(resource, stored).metadata;
      const draft = rescale(resource, shownIn(resource, stored).copy(), scale);
      const { apiVersion } = resource.type;
      setManagedFields(draft, fromScaleOwners(entries, managedFields, replicasIn, apiVersion));
      return prepareUpdate(context, resource, "main", stored, draft);
    },
    showPrepared: (draft) => asJson(scaleOf(resource, draft)),
  };
}

/** Where objects of a version have their replicas; undefined for a version that is not served. */
function replicasPath(storage: Resource["type"]["storage"]): Path | undefined {
  if (storage === undefined) return undefined;
  const { specReplicasPath = ".spec.replicas" } = storage.scalePaths ?? {};
  return specReplicasPath.split(".").slice(1).map(fieldElement);
}

const scaleType = openApiMergeType({
  type: "object",
  properties: {
    spec: { type: "object", properties: { replicas: { type: "integer" } } },
    status: {
      type: "object",
      properties: { replicas: { type: "integer" }, selector: { type: "string" } },
    },
  },
});

const scaleOwnership: OwnershipRules = {
  apiVersion: "autoscaling/v1",
  kind: "Scale",
  subresource: "scale",
  resetFields: FieldSet.empty,
  typeOf: (apiVersion) => (apiVersion === "autoscaling/v1" ? scaleType : undefined),
};

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

function scaleOf(resource: Resource, object: KubeObject): Scale {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const { replicas, status } = shownScale(resource, object);
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp } as Scale["metadata"],
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

function patchScale(scale: Scale, patch: unknown, mediaType: string): Scale {
  if (mediaType === "application/json-patch+json") return applyJsonPatch(scale, patch) as Scale;
  // A Scale has neither lists nor directives, so a strategic patch of it is a merge patch.
  return mergePatch(scale, patch) as Scale;
}

function rescale({ scalePaths }: Resource, draft: KubeObject, scale: Scale): KubeObject {
  const replicas = scale?.spec?.replicas ?? 0;
  const sent: Partial<Scale["metadata"]> = scale?.metadata ?? {};
  checkIdentity(sent, draft.metadata);
  const { resourceVersion, uid } = sent;
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
