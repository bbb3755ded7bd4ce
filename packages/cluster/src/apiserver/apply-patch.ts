import {
  FailedPatchTest,
  jsonPatch,
  mergePatch,
  schemaTypeOf,
  strategicMergePatch,
  type JsonPatchOperation,
} from "@seaworthy/kube";
import type { Resource } from "./resource.ts";
import { StatusError, unsupportedMediaType } from "./status-error.ts";
import type { StoredObject } from "./stored-object.ts";

/** The object as a patch would make it, not yet checked. */
export function applyPatch(
  old: StoredObject,
  patch: unknown,
  contentType: string,
  resource: Resource,
): unknown {
  const mediaType = contentType.split(";")[0]?.trim();
  switch (mediaType) {
    case "application/json-patch+json":
      return applyJsonPatch(old, patch);
    case "application/merge-patch+json":
      return mergePatch(old.copy(), patch);
    case "application/strategic-merge-patch+json":
      return strategicMergePatch(
        old.copy(),
        patch,
        schemaTypeOf(resource.apiVersion, resource.type.kind) ?? "",
      );
    case "application/apply-patch+yaml":
    case "application/apply-patch+cbor":
      throw unsupportedMediaType(
        "server-side apply is not served by this embedded cluster yet; use kubectl apply without --server-side",
      );
    default:
      throw unsupportedMediaType(
        `the body of the request was in an unknown format - accepted media types include: ${patchMediaTypes.join(", ")}`,
      );
  }
}

/** The media types that a PATCH may have. */
export const patchMediaTypes: readonly string[] = [
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/strategic-merge-patch+json",
];

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
