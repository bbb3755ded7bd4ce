import { SeaworthyError } from "@seaworthy/errors";
import { loadRules } from "@seaworthy/kube";
import type { ApiRequest, ApiResponse } from "@seaworthy/client";
import { authorizeRequest } from "./authorization/authorize-request.ts";
import { findRemote } from "./aggregation/api-service.ts";
import { proxyToApiService } from "./aggregation/proxy-to-api-service.ts";
import type { Route } from "./resource.ts";
import type { ApiContext } from "./api-context.ts";
import { handleCollection } from "./verbs/handle-collection.ts";
import { handleObject } from "./verbs/handle-object.ts";
import { handleSubresource } from "./verbs/handle-subresource.ts";
import type { Discovery } from "./discovery/create-discovery.ts";
import { handleMeta } from "./discovery/handle-meta.ts";
import { decodeBody, isProtobuf } from "./http/decode-body.ts";
import { errorResponse, withWarning } from "./http/responses.ts";
import { findRoute } from "./route.ts";
import { badRequest, noSuchPath, StatusError } from "./http/status-error.ts";

/** What the handler of all requests works with. */
export interface RequestContext extends ApiContext {
  readonly discovery: Discovery;
}

/** Reads a body that has not been read yet; undefined when there is none. */
export type ReadBody = () => Promise<Uint8Array | undefined>;

/**
 * Answers any request to the API. It never rejects: a refusal is an answer, and so is a bug. No answer tells of a write
 * that the end of this process would undo. The body of who may not do what he asks for is not read; `readBody` is absent
 * when it was read before, or there is none.
 */
export async function handleRequest(
  server: RequestContext,
  head: ApiRequest,
  readBody?: ReadBody,
): Promise<ApiResponse> {
  const route = findRoute(head.path, server.resources);
  try {
    authorizeRequest(server.authorizer, head);
    const body = readBody === undefined ? undefined : await readBody();
    const whole = body === undefined ? head : { ...head, body };
    const remote = findRemote(server.store, head.path);
    if (remote !== undefined) return await proxyToApiService(as(server, head), remote, whole);
    // A request in JSON is handled in the turn in which it comes, if its body is there.
    const isRead = isProtobuf(whole) && route?.below === undefined;
    const request = isRead ? await decodeBody(whole, route?.resource.type) : whole;
    const context = as(server, request);
    if (route !== undefined && request.method !== "GET") {
      const loading = loadRules(route.resource.type);
      if (loading !== undefined) await loading;
    }
    const response = await handleCommitted(context, route, request);
    return withWarning(response, route?.resource.deprecation);
  } catch (error) {
    return withWarning(errorResponse(asStatus(error)), route?.resource.deprecation);
  }
}

function as(server: RequestContext, { user }: ApiRequest): RequestContext {
  return user === undefined ? server : { ...server, user };
}

async function handleCommitted(
  context: RequestContext,
  route: Route | undefined,
  request: ApiRequest,
): Promise<ApiResponse> {
  const { store, expiry, clock } = context;
  if (route === undefined) return (await handleMeta(context, request)) ?? errorResponse(noSuchPath());
  if (request.method === "GET") {
    store.flush();
    return await handleRoute(context, route, request);
  }
  try {
    return await handleRoute(context, route, request);
  } finally {
    expiry.note(clock.now(), store.revision);
    await store.committed();
  }
}

async function handleRoute(context: RequestContext, route: Route, request: ApiRequest): Promise<ApiResponse> {
  if (route.subresource !== undefined) return await handleSubresource(context, route, request);
  return route.name === undefined
    ? handleCollection(context, route, request)
    : handleObject(context, { ...route, name: route.name }, request);
}

function asStatus(error: unknown): StatusError {
  if (error instanceof StatusError) return error;
  // Patches and selectors of the kube package refuse in their own words; to an API client that is a bad request.
  if (error instanceof SeaworthyError && error.fault === "user") {
    return new StatusError(422, "Invalid", error.message, {});
  }
  // Kubernetes' own limit is checked when the body is parsed; our stack may end before.
  if (error instanceof RangeError && /call stack/.test(error.message))
    return badRequest("couldn't get version/kind; json parse error: exceeded max depth");
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new StatusError(500, "InternalError", `Internal error occurred: ${message}`, {
    causes: [{ message }],
  });
}
