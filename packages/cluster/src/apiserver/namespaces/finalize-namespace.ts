import type { ApiRequest, ApiResponse } from "@seaworthy/client";
import type { ApiContext } from "../api-context.ts";
import { methodNotAllowed } from "../http/status-error.ts";
import { getObject, writeObject } from "../verbs/handle-object.ts";
import { setManagedFields } from "../verbs/ownership.ts";
import type { ObjectRoute } from "../resource.ts";
import { checkPreconditions } from "../verbs/update-object.ts";

/** `/finalize` writes spec.finalizers, and the last one lets the namespace go. */
export async function finalizeNamespace(
  context: ApiContext,
  route: ObjectRoute,
  request: ApiRequest,
): Promise<ApiResponse> {
  if (request.method === "GET") return await getObject(context, route, request);
  if (request.method !== "PUT" && request.method !== "PATCH") throw methodNotAllowed();
  const { resource } = route;
  return await writeObject(context, route, request, "status", (stored, sent) => {
    checkPreconditions(resource, sent, stored.object);
    const draft = stored.copy();
    const finalizers = (sent["spec"] as { finalizers?: string[] } | undefined)?.finalizers ?? [];
    setManagedFields(draft, sent.metadata.managedFields);
    draft["spec"] = finalizers.length === 0 ? {} : { finalizers };
    return draft;
  });
}
