import { invalidValue, type KubeObject } from "@seaworthy/kube";
import type { ApiRequest, ApiResponse } from "@seaworthy/client";
import type { ApiContext } from "../api-context.ts";
import { authorizeCreation } from "../authorization/authorize-request.ts";
import { applyPatch } from "./apply-patch.ts";
import type { WriteOptions } from "./write-options.ts";
import { createObject } from "./create-object.ts";
import { decodeObject } from "./decode-object.ts";
import { parseBody } from "../http/parse-body.ts";
import type { DeletionOptions } from "./deletion.ts";
import { deleteObject } from "./delete-object.ts";
import { chooseRepresentation } from "../http/representation.ts";
import { keyOf, shownIn, warningsOf, type ObjectRoute } from "../resource.ts";
import { jsonResponse } from "../http/responses.ts";
import { checkNotFuture } from "./read-revision.ts";
import {
  badRequest,
  invalid,
  methodNotAllowed,
  notFound,
  StatusError,
  warning,
} from "../http/status-error.ts";
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
  const { headers, query } = request;
  checkNotFuture(query.get("resourceVersion") ?? "", context.store.revision);
  const representation = chooseRepresentation(route.resource, headers["accept"], query, () =>
    context.clock.now(),
  );
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
  const options = readWriteQuery(request);
  const { resource, namespace, name } = route;
  const warnings: string[] = [];
  const draftFrom = (body: unknown): KubeObject => {
    const decoded = decodeObject(body, resource, options.fieldValidation);
    warnings.push(...decoded.warnings);
    checkIdentity(decoded.object, route);
    return decoded.object;
  };
  const draftFromPatch = (patched: unknown, contentType: string): KubeObject => {
    const text = JSON.stringify(patched);
    try {
      return draftFrom(patched);
    } catch (error) {
      throw contentType.includes("strategic") ? error : asPatchError(error, text);
    }
  };
  let makeDraft: MakeDraft;
  let before: KubeObject | undefined;
  if (request.method === "PATCH") {
    const contentType = request.headers["content-type"] ?? "";
    const patch = parseBody(request);
    makeDraft = (old) => {
      before = old.object;
      return draftFromPatch(applyPatch(old, patch, contentType, resource), contentType);
    };
  } else {
    const body = parseBody(request);
    const isNew =
      part === "main" && context.store.get(resource.collection, keyOf(namespace, name)) === undefined;
    if (isNew && resource.createOnUpdate === true) {
      authorizeCreation(context, route);
      const created = createObject(context, resource, namespace, draftFrom(body), options);
      return jsonResponse(201, shownIn(resource, created).jsonIn(resource.type.apiVersion), [
        ...warnings,
        ...warningsOf(resource, created.object),
      ]);
    }
    makeDraft = (old) => {
      before = old.object;
      return draftFrom(body);
    };
  }
  const updated = warning(warnings, () => write(makeDraft, options));
  const representation = chooseRepresentation(resource, request.headers["accept"], request.query, () =>
    context.clock.now(),
  );
  if (part === "main") warnings.push(...warningsOf(resource, updated.object, before));
  return jsonResponse(200, representation.object(updated), warnings);
}

/** Where a patched object has unknown fields, it is the patch that is refused, with the object that it would have made. */
function asPatchError(error: unknown, patched: string): unknown {
  const strict =
    error instanceof StatusError ? /strict decoding error: .*$/s.exec(error.message)?.[0] : undefined;
  return strict === undefined
    ? error
    : invalid({ group: "", plural: "", kind: "" }, "", [invalidValue("patch", patched, strict)]);
}

function checkIdentity({ metadata }: KubeObject, { name, namespace }: ObjectRoute): void {
  if ((metadata.name ?? "") === "") metadata.name = name;
  if (metadata.name !== name) {
    throw badRequest(
      `the name of the object (${metadata.name}) does not match the name on the URL (${name})`,
    );
  }
  if (metadata.namespace === undefined || metadata.namespace === namespace) return;
  const namespaces = `(${metadata.namespace}) does not match the namespace on the request (${namespace ?? ""})`;
  throw badRequest(`the namespace of the object ${namespaces}`);
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
  const body = parseBody(request);
  // Go reads `null` as an object of which nothing is given.
  if (body === null) return {};
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
