import type { ApiRequest, ApiResponse } from "@seaworthy/client";
import { apiVersionOf, type JsonObject } from "@seaworthy/kube";
import type { AdmissionAttributes } from "../../admission/admission-request.ts";
import { beginAdmission } from "../../admission/begin-admission.ts";
import type { ApiContext } from "../../api-context.ts";
import { parseRequestObject } from "../../http/parse-body.ts";
import type { ObjectRoute, Subresource } from "../../resource.ts";
import { operationOptions } from "./object-attributes.ts";
import { readWriteQuery } from "../write-request.ts";

/** Connects a client to something, when all who are asked agree. They see the options of the query, as an object. */
export async function connectAdmitted(
  context: ApiContext,
  route: ObjectRoute,
  own: Subresource,
  request: ApiRequest,
): Promise<ApiResponse> {
  const admission = beginAdmission(context, {
    ...attributes(route, own),
    operation: "CONNECT",
    dryRun: false,
  });
  if (admission !== undefined) {
    const object = connectOptions(own, request.query);
    await admission.mutate(object, undefined);
    await admission.validate(object, undefined);
  }
  return await own.handle(context, route, request);
}

/** Takes an object that is posted to a subresource and is not stored, an Eviction for example, when all who are asked agree. */
export async function postAdmitted(
  context: ApiContext,
  route: ObjectRoute,
  own: Subresource,
  request: ApiRequest,
): Promise<ApiResponse> {
  const options = readWriteQuery(request);
  const admission = beginAdmission(context, {
    ...attributes(route, own),
    operation: "CREATE",
    options: operationOptions("CREATE", options),
    dryRun: options.dryRun,
  });
  if (admission === undefined) return await own.handle(context, route, request);
  const sent = (parseRequestObject(request) ?? {}) as JsonObject;
  const head = { kind: own.kind.kind, apiVersion: apiVersionOf(own.kind) };
  const object = await admission.mutate({ ...sent, ...head }, undefined);
  await admission.validate(object, undefined);
  const headers = { ...request.headers, "content-type": "application/json" };
  return await own.handle(context, route, { ...request, headers, body: JSON.stringify(object) });
}

function attributes(
  { resource, namespace, name }: ObjectRoute,
  { name: subresource, kind }: Subresource,
): Pick<AdmissionAttributes, "resource" | "subresource" | "kind" | "namespace" | "name"> {
  return { resource, subresource, kind, namespace, name };
}

/** A PodExecOptions, for example: the words of the query in the types of its fields. */
function connectOptions({ kind }: Subresource, query: URLSearchParams): JsonObject {
  const options: Record<string, JsonObject[string]> = { kind: kind.kind, apiVersion: apiVersionOf(kind) };
  for (const name of new Set(query.keys())) {
    const values = query.getAll(name);
    const [first = ""] = values;
    if (name === "command") options[name] = values;
    else if (name === "ports") options[name] = values.map(Number);
    else if (first === "true" || first === "false" || first === "1" || first === "0")
      options[name] = first === "true" || first === "1";
    else options[name] = first;
  }
  return options;
}
