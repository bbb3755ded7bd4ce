import type { JsonObject, KubeObject } from "@seaworthy/kube";
import type { ApiRequest, ApiResponse } from "@seaworthy/client";
import type { ApiContext } from "../api-context.ts";
import { authorizeCreation } from "../authorization/authorize-request.ts";
import { prepareToShow } from "../conversion/prepare-to-show.ts";
import { createObject } from "./create-object.ts";
import { applyMediaType, checkPatchType, mediaTypeOf, parseRequestObject } from "../http/parse-body.ts";
import type { DeletionOptions } from "./deletion.ts";
import { deleteAdmitted } from "./admitted/delete-admitted.ts";
import { draftMaker } from "./draft-maker.ts";
import { chooseRepresentation } from "../http/representation.ts";
import { keyOf, shownIn, warningsOf, type ObjectRoute, type Resource } from "../resource.ts";
import { jsonResponse } from "../http/responses.ts";
import { checkNotFuture } from "./read-revision.ts";
import { badRequest, methodNotAllowed, warning } from "../http/status-error.ts";
import type { StoredObject } from "../store/stored-object.ts";
import { mustFind } from "../must-find.ts";
import { asShown, attributesOfObject, readShown, storedAsShown } from "./admitted/object-attributes.ts";
import { updateAdmitted } from "./admitted/update-admitted.ts";
import { prepareUpdate, type Part } from "./update-object.ts";
import { readWriteQuery } from "./write-request.ts";

/** Makes of what a client asks for what is stored in the place of an object, or refuses it. */
export type Prepare = (stored: StoredObject, asked: KubeObject) => KubeObject;

/** GET, PUT, PATCH and DELETE of one object. */
export async function handleObject(
  context: ApiContext,
  route: ObjectRoute,
  request: ApiRequest,
): Promise<ApiResponse> {
  if (request.method === "GET") return await getObject(context, route, request);
  if (request.method === "PUT" || request.method === "PATCH")
    return await writeObject(context, route, request, "main");
  if (request.method === "DELETE") return await deleteOne(context, route, request);
  throw methodNotAllowed();
}

/** Reads an object. Its newest state is given, whatever older one would do. */
export async function getObject(
  context: ApiContext,
  route: ObjectRoute,
  request: ApiRequest,
): Promise<ApiResponse> {
  checkNotFuture(request.query.get("resourceVersion") ?? "", context.store.revision);
  const representation = chooseRepresentation(route.resource, request, () => context.clock.now());
  const stored = mustFind(context, route);
  await prepareToShow(context, route.resource, [stored]);
  return jsonResponse(200, representation.object(stored));
}

/** PUT or PATCH of an object or of its status. `prepare` makes of it what is stored, in another way than usual. */
export async function writeObject(
  context: ApiContext,
  route: ObjectRoute,
  request: ApiRequest,
  part: Part,
  prepare: Prepare = (stored, asked) => prepareUpdate(context, route.resource, part, stored, asked),
): Promise<ApiResponse> {
  if (request.method === "PATCH") checkPatchType(request.headers);
  const { resource, namespace, name, subresource = "" } = route;
  const options = { ...readWriteQuery(request), warnings: [] as string[] };
  let makeDraft = draftMaker(context, route, request, options);
  let found: readonly string[] = [];
  let tries = 0;
  const draftOf = (old: StoredObject | undefined): KubeObject => {
    // A draft shares parts with the body, which is read again for another one.
    if (tries > 0) makeDraft = draftMaker(context, route, request, options);
    tries += 1;
    const made = makeDraft(old);
    found = made.warnings;
    return made.object;
  };
  const representation = chooseRepresentation(resource, request, () => context.clock.now());
  const stored = context.store.get(resource.collection, keyOf(namespace, name));
  if (part === "main" && stored === undefined && createsAbsent(resource, request)) {
    authorizeCreation(context, route);
    const created = await createObject(context, resource, namespace, draftOf(undefined), options);
    await prepareToShow(context, resource, [created]);
    const warnings = [...found, ...options.warnings, ...warningsOf(resource, created.object)];
    return jsonResponse(201, representation.object(created), warnings);
  }
  const target = { operation: "UPDATE", subresource, namespace, name } as const;
  const change = {
    part,
    attributes: attributesOfObject(context, resource, options, target),
    propose: draftOf,
    show: (draft: KubeObject) => asShown(resource, draft),
    showOld: (old: StoredObject) => storedAsShown(resource, old),
    read: (shown: JsonObject) => readShown(resource, shown),
    prepare,
    showPrepared: (draft: KubeObject) => asShown(resource, draft),
  };
  const updated = await warning(
    () => found,
    () => updateAdmitted(context, route, change, options),
  );
  await prepareToShow(context, resource, [updated]);
  const own = part === "main" ? warningsOf(resource, updated.object, stored?.object) : [];
  return jsonResponse(200, representation.object(updated), [...found, ...options.warnings, ...own]);
}

/** An apply makes what is not there, and so does a PUT of some kinds. */
function createsAbsent({ createOnUpdate }: Resource, { method, headers }: ApiRequest): boolean {
  return method === "PUT" ? createOnUpdate === true : mediaTypeOf(headers) === applyMediaType;
}

async function deleteOne(context: ApiContext, route: ObjectRoute, request: ApiRequest): Promise<ApiResponse> {
  const { resource, name } = route;
  const deletion = readDeletionOptions(request);
  const warnings: string[] = [];
  const options = { ...readWriteQuery(request), warnings };
  const { object, gone } = await deleteAdmitted(context, route, deletion, options);
  await prepareToShow(context, resource, [object]);
  const status = !gone && deletion.propagationPolicy === "Foreground" ? 202 : 200;
  if (!gone || resource.returnsDeleted === true)
    return jsonResponse(status, shownIn(resource, object).jsonIn(resource.type.apiVersion), warnings);
  const { group, plural } = resource.type;
  const details = { name, ...(group === "" ? {} : { group }), kind: plural, uid: object.object.metadata.uid };
  return jsonResponse(
    200,
    JSON.stringify({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details }),
    warnings,
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
