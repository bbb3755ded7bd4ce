import type { ApiRequest, ApiResponse } from "@seaworthy/client";
import type { ApiContext } from "../api-context.ts";
import { prepareToShow, whenAllShowable } from "../conversion/prepare-to-show.ts";
import { createObject } from "./create-object.ts";
import { decodeObject } from "../decoding/decode-object.ts";
import { parseStrictly } from "../http/parse-body.ts";
import { deleteAdmitted } from "./admitted/delete-admitted.ts";
import type { Deletion } from "./deletion.ts";
import { readDeletionOptions } from "./handle-object.ts";
import { findingsInObject } from "../decoding/strict-findings.ts";
import { listObjects } from "./list-objects.ts";
import { chooseRepresentation } from "../http/representation.ts";
import { jsonResponse } from "../http/responses.ts";
import { ownershipOf, setManagedFields, trackWrite } from "./ownership.ts";
import { readOptions } from "./read-options.ts";
import { type Route, warningsOf } from "../resource.ts";
import { readSelection } from "./selection.ts";
import { badRequest, methodNotAllowed, warning } from "../http/status-error.ts";
import { watchObjects } from "./watch-objects.ts";
import { readWriteQuery } from "./write-request.ts";

/** GET (list or watch), POST and DELETE of a collection. */
export async function handleCollection(
  context: ApiContext,
  route: Route,
  request: ApiRequest,
): Promise<ApiResponse> {
  if (request.method === "GET") {
    const answer = () => read(context, route, request);
    const { resource, namespace } = route;
    if (resource.type.conversionWebhook === undefined) return answer();
    return await whenAllShowable(context, resource, namespace, answer);
  }
  if (request.method === "POST") return await create(context, route, request);
  if (request.method === "DELETE") return await deleteCollection(context, route, request);
  throw methodNotAllowed();
}

function read(context: ApiContext, { resource, namespace }: Route, request: ApiRequest): ApiResponse {
  const options = readOptions(request.query);
  const selection = readSelection(resource, namespace, request.query);
  const now = () => context.clock.now();
  const representation = chooseRepresentation(resource, request, now, options.watch);
  if (options.watch) {
    const { signal } = request;
    return watchObjects(context, resource, namespace, options, selection, representation, signal);
  }
  const { list, listInPieces } = representation;
  return jsonResponse(
    200,
    listObjects<string | AsyncIterable<string>>(
      context,
      resource,
      namespace,
      options,
      selection,
      (items, metadata) =>
        request.inPieces === true && listInPieces !== undefined && items.length > fewItems
          ? listInPieces(items, metadata)
          : list(items, metadata),
    ),
  );
}

/** A list of no more is written in one piece. */
const fewItems = 100;

async function create(
  context: ApiContext,
  { resource, namespace }: Route,
  request: ApiRequest,
): Promise<ApiResponse> {
  const options = readWriteQuery(request);
  const representation = chooseRepresentation(resource, request, () => context.clock.now());
  const { fieldValidation } = options;
  const body = parseStrictly(request, fieldValidation !== "Ignore");
  const findings = findingsInObject(resource, body);
  const { object, warnings: found } = decodeObject(body.value, resource, fieldValidation, findings);
  const warnings = [...found];
  if (resource.type.namespaced && namespace === undefined) throw methodNotAllowed();
  const write = { live: undefined, next: object, manager: options.manager };
  setManagedFields(object, trackWrite(context, ownershipOf(resource, ""), write));
  const created = await warning(
    () => found,
    () => createObject(context, resource, namespace, object, { ...options, warnings }),
  );
  await prepareToShow(context, resource, [created]);
  return jsonResponse(201, representation.object(created), [
    ...warnings,
    ...warningsOf(resource, created.object),
  ]);
}

async function deleteCollection(
  context: ApiContext,
  { resource, namespace }: Route,
  request: ApiRequest,
): Promise<ApiResponse> {
  if (resource.deletesCollections === false) throw methodNotAllowed();
  if (resource.type.namespaced && namespace === undefined) {
    throw badRequest("a namespace must be given to delete a collection");
  }
  const deletion = readDeletionOptions(request);
  const warnings: string[] = [];
  const options = { ...readWriteQuery(request), warnings };
  const selection = readSelection(resource, namespace, request.query);
  const chosen = context.store
    .list(resource.collection, namespace)
    .filter((stored) => selection.matches(stored));
  const deleted: Deletion[] = [];
  for (const { object } of chosen) {
    const route = { resource, namespace, name: object.metadata.name, subresource: undefined };
    deleted.push(await deleteAdmitted(context, route, deletion, options));
  }
  await prepareToShow(
    context,
    resource,
    deleted.map(({ object }) => object),
  );
  const representation = chooseRepresentation(resource, { ...request, headers: {} }, () =>
    context.clock.now(),
  );
  const metadata = { resourceVersion: String(context.store.revision) };
  return jsonResponse(
    200,
    representation.list(
      deleted.map(({ object }) => object),
      metadata,
    ),
    warnings,
  );
}
