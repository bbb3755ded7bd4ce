import { SeaworthyError } from "@seaworthy/errors";
import {
  isJsonObject,
  jsonPatch,
  mergePatch,
  schemaTypeOf,
  strategicMergePatch,
  type JsonPatchOperation,
  type KubeObject,
} from "@seaworthy/kube";
import { shownIn, type Resource } from "../resource.ts";
import { badRequest, StatusError, tooLarge, unknownFormat } from "../http/status-error.ts";
import type { StoredObject } from "../store/stored-object.ts";

/**
 * The object as a patch would make it, not yet checked. With `sharesRest`, what the patch does not touch is that of the object
 * that is stored, and nobody may change it.
 */
export function applyPatch(
  old: StoredObject,
  patch: unknown,
  mediaType: string,
  resource: Resource,
  sharesRest: boolean,
): unknown {
  const { apiVersion, kind } = resource.type;
  const shown = shownIn(resource, old);
  const start = () => targetOf(sharesRest ? shown.object : shown.copy(), apiVersion, patch);
  switch (mediaType) {
    case "application/json-patch+json":
      return applyJsonPatch(targetOf(shown.object, apiVersion, patch), patch);
    case "application/merge-patch+json":
      return mergePatch(start(), patch);
    case "application/strategic-merge-patch+json": {
      // How lists merge is known of kinds with a schema only, so that custom kinds do not take such patches.
      const type = schemaTypeOf(apiVersion, kind);
      if (type === undefined)
        throw unknownFormat([
          "application/json-patch+json",
          "application/merge-patch+json",
          "application/apply-patch+yaml",
        ]);
      return strategicMergePatch(start(), patch, type);
    }
    default:
      throw new Error(`no patch is of the media type ${mediaType}`);
  }
}

/** What is patched: the object in the version of the request, and with managedFields only if the patch may look at them. */
function targetOf(object: KubeObject, apiVersion: string, patch: unknown): KubeObject {
  if (mentionsManagedFields(patch)) return { ...object, apiVersion };
  const { managedFields: _managedFields, ...metadata } = object.metadata;
  return { ...object, apiVersion, metadata };
}

/** Whether a patch may look at managedFields. Others do not get them: they are long, and who does not send any keeps them. */
function mentionsManagedFields(patch: unknown): boolean {
  if (!Array.isArray(patch)) {
    const metadata: unknown = (patch as { readonly metadata?: unknown } | null)?.metadata;
    return typeof metadata === "object" && metadata !== null && "managedFields" in metadata;
  }
  return patch.some((operation: { readonly path?: unknown; readonly from?: unknown } | null) =>
    [operation?.path, operation?.from].some(
      (path) => path === "" || path === "/metadata" || String(path).startsWith("/metadata/managedFields"),
    ),
  );
}

/** Applies a JSON Patch, or refuses it as Kubernetes does. */
export function applyJsonPatch(target: KubeObject, patch: unknown): unknown {
  const operations = readOperations(patch);
  try {
    return jsonPatch(target, operations);
  } catch (error) {
    if (!(error instanceof SeaworthyError)) throw error;
    throw new StatusError(
      422,
      "Invalid",
      "the server rejected our request due to an error in our request",
      {},
    );
  }
}

/** maxJSONPatchOperations of https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/endpoints/handlers/patch.go */
const mostOperations = 10_000;

function readOperations(patch: unknown): readonly JsonPatchOperation[] {
  if (!Array.isArray(patch)) throw wrongType(patch, "value of type []handlers.jsonPatchOp");
  for (const operation of patch as unknown[]) {
    if (!isJsonObject(operation)) throw wrongType(operation, "value of type handlers.jsonPatchOp");
    for (const field of ["op", "from", "path"]) {
      const text = operation[field] ?? "";
      if (typeof text !== "string") throw wrongType(text, `struct field jsonPatchOp.${field} of type string`);
    }
  }
  if (patch.length > mostOperations)
    throw tooLarge(
      `The allowed maximum operations in a JSON patch is ${mostOperations}, got ${patch.length}`,
    );
  return patch as JsonPatchOperation[];
}

function wrongType(value: unknown, into: string): StatusError {
  const type = Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
  return badRequest(`error decoding patch: json: cannot unmarshal ${type} into Go ${into}`);
}
