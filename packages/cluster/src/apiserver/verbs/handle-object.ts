import type { KubeObject } from "@seaworthy/kube";
import type { ApiRequest, ApiResponse } from "@seaworthy/client";
import type { ApiContext } from "../api-context.ts";
import { authorizeCreation } from "../authorization/authorize-request.ts";
import type { WriteOptions } from "./write-options.ts";
import { createObject } from "./create-object.ts";
import { applyMediaType, checkPatchType, mediaTypeOf, parseRequestObject } from "../http/parse-body.ts";
import type { DeletionOptions } from "./deletion.ts";
import { deleteObject } from "./delete-object.ts";
import { draftMaker } from "./draft-maker.ts";
import { chooseRepresentation } from "../http/representation.ts";
import { keyOf, shownIn, warningsOf, type ObjectRoute, type Resource } from "../resource.ts";
import { jsonResponse } from "../http/responses.ts";
import { checkNotFuture } from "./read-revision.ts";
import { badRequest, methodNotAllowed, notFound, warning } from "../http/status-error.ts";
import type { StoredObject } from "../store/stored-object.ts";
import { updateObject, type MakeDraft } from "./update-object.ts";
import { readWriteQuery } from "./write-request.ts";

/** What of an object a write is about. */
export type Part = "main" | "status";

/** Stores what a write makes of an object. */
export type Write = (makeDraft: MakeDraft, options: WriteOptions) => StoredObject;

/** GET, PUT, PATCH and DELETE of one object. */
export function handleObject(context: ApiContext, route: ObjectRoute, request: ApiRequest): ApiResponse {
  if (request.method === "GET") return getObject(context, route, request);
  if (request.method === "PUT" || request.method === "PATCH")
    return writeObject(context, route, request, "main");
  if (request.method === "DELETE") return deleteOne(context, route, request);
  throw methodNotAllowed();
}

/** Reads an object. Its newest state is given, whatever older one would do. */
export function getObject(context: ApiContext, route: ObjectRoute, request: ApiRequest): ApiResponse {
  checkNotFuture(request.query.get("resourceVersion") ?? "", context.store.revision);
  const representation = chooseRepresentation(route.resource, request, () => context.clock.now());
  return jsonResponse(200, representation.object(mustFind(context, route)));
}

/** The stored object of a route, or 404. */
export function mustFind({ store }: ApiContext, { resource, namespace, name }: ObjectRoute): StoredObject {
  const stored = store.get(resource.collection, keyOf(namespace, name));
  if (stored === undefined) throw notFound(resource.type, name);
  return stored;
}

/** PUT or PATCH of an object or of its status. `write` stores it in another way than usual. */
export function writeObject(
  context: ApiContext,
  route: ObjectRoute,
  request: ApiRequest,
  part: Part,
  write: Write = (makeDraft, options) =>
    updateObject(context, route.resource, { ...route, part }, makeDraft, options),
): ApiResponse {
  if (request.method === "PATCH") checkPatchType(request.headers);
  const options = readWriteQuery(request);
  const { resource, namespace, name } = route;
  const makeDraft = draftMaker(context, route, request, options);
  const warnings: string[] = [];
  const draftOf = (old: StoredObject | undefined): KubeObject => {
    const { object, warnings: texts } = makeDraft(old);
    warnings.push(...texts);
    return object;
  };
  const representation = chooseRepresentation(resource, request, () => context.clock.now());
  const stored = context.store.get(resource.collection, keyOf(namespace, name));
  if (part === "main" && stored === undefined && createsAbsent(resource, request)) {
    authorizeCreation(context, route);
    const created = createObject(context, resource, namespace, draftOf(undefined), options);
    warnings.push(...warningsOf(resource, created.object));
    return jsonResponse(201, representation.object(created), warnings);
  }
  const updated = warning(warnings, () => write(draftOf, options));
  if (part === "main") warnings.push(...warningsOf(resource, updated.object, stored?.object));
  return jsonResponse(200, representation.object(updated), warnings);
}

/** An apply makes what is not there, and so does a PUT of some kinds. */
function createsAbsent({ createOnUpdate }: Resource, { method, headers }: ApiRequest): boolean {
  return method === "PUT" ? createOnUpdate === true : mediaTypeOf(headers) === applyMediaType;
}

function deleteOne(context: ApiContext, route: ObjectRoute, request: ApiRequest): ApiResponse {
  const { resource, name } = route;
  const options = { ...readDeletionOptions(request), dryRun: readWriteQuery(request).dryRun };
  const { object, gone } = deleteObject(context, resource, route, options);
  const accepted = !gone && options.propagationPolicy === "Foreground";
  if (!gone || resource.returnsDeleted === true)
    return jsonResponse(accepted ? 202 : 200, shownIn(resource, object).jsonIn(resource.type.apiVersion));
  const { group, plural } = resource.type;
  const details = { name, ...(group === "" ? {} : { group }), kind: plural, uid: object.object.metadata.uid };
  return jsonResponse(
    200,
    JSON.stringify({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details }),
  );
}

/** Delete options come in the body, or in the query when there is no body. */
export function readDeletionOptions(request: ApiRequest): DeletionOptions {
  const body = parseRequestObject(request);
  if (body !== undefined) {
    if (typeof body !== "object" || Array.isArray(body))
      throw badRequest("the object provided is unrecognized (must be of type DeleteOptions)");
    const options = body as DeletionOptions;
    if (
      (options.propagationPolicy ?? undefined) !== undefined &&
      (options.orphanDependents ?? undefined) !== undefined
    )
      throw badRequest("orphanDependents and deletionPropagation cannot be both set");
    return options;
  }
  const { query } = request;
  const seconds = query.get("gracePeriodSeconds");
  const policy = query.get("propagationPolicy");
  return {
    ...(seconds === null ? {} : { gracePeriodSeconds: Number(seconds) }),
    ...(policy === null ? {} : { propagationPolicy: policy as "Background" | "Foreground" | "Orphan" }),
  };
}
