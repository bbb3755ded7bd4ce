import type { JsonObject, ServedType } from "@seaworthy/kube";
import type { AdmissionRequest } from "../admission-request.ts";

/** An object of a request in the version by which the request was chosen. What is not of the request's kind stays. */
export function objectIn(
  request: AdmissionRequest,
  object: JsonObject | undefined,
  type: ServedType,
): JsonObject | undefined {
  if (object === undefined || !isOfKind(request) || type.version === request.resource.type.version)
    return object;
  return { ...(type.convert?.(object, type.apiVersion) ?? object), apiVersion: type.apiVersion };
}

/** Whether the object of a request is of the kind that its path names, and no Scale for example. */
export function isOfKind({ resource: { type }, kind }: Pick<AdmissionRequest, "resource" | "kind">): boolean {
  return kind.kind === type.kind && kind.group === type.group;
}
