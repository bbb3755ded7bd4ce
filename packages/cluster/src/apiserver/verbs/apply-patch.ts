import {
  FailedPatchTest,
  jsonPatch,
  mergePatch,
  schemaTypeOf,
  strategicMergePatch,
  type JsonPatchOperation,
} from "@seaworthy/kube";
import type { Resource } from "../resource.ts";
import { StatusError } from "../http/status-error.ts";
import type { StoredObject } from "../store/stored-object.ts";

/** The object as a patch would make it, not yet checked. */
export function applyPatch(
  old: StoredObject,
  patch: unknown,
  contentType: string,
  resource: Resource,
): unknown {
  const mediaType = contentType.split(";")[0]!.trim().toLowerCase();
  switch (mediaType) {
    case "application/json-patch+json":
      return applyJsonPatch(old, patch);
    case "application/merge-patch+json":
      return mergePatch(old.copy(), patch);
    case "application/strategic-merge-patch+json":
      return strategicMergePatch(
        old.copy(),
        patch,
        schemaTypeOf(resource.type.apiVersion, resource.type.kind) ?? "",
      );
    default:
      throw new Error(`no patch is of the media type ${mediaType}`);
  }
}

function applyJsonPatch(old: StoredObject, patch: unknown): unknown {
  try {
    return jsonPatch(old.copy(), patch as JsonPatchOperation[]);
  } catch (error) {
    if (!(error instanceof FailedPatchTest)) throw error;
    throw new StatusError(422, "Invalid", "the server rejected our request due to an error in our request", {
      causes: [{ reason: "UnexpectedServerResponse", message: error.message }],
    });
  }
}
