import type { ApiRequest, ApiResponse } from "@seaworthy/client";
import type { ApiContext } from "../api-context.ts";
import { parseBody } from "../http/parse-body.ts";
import { jsonResponse } from "../http/responses.ts";
import type { DeletionOptions } from "../verbs/deletion.ts";
import { deleteObject } from "../verbs/delete-object.ts";
import { mustFind } from "../verbs/handle-object.ts";
import type { ObjectRoute } from "../resource.ts";
import { readWriteQuery } from "../verbs/write-request.ts";

/** policy/v1 Eviction. There are no disruption budgets yet, so it is a plain delete. */
export function evictPod(context: ApiContext, route: ObjectRoute, request: ApiRequest): ApiResponse {
  const body = parseBody(request) as { deleteOptions?: DeletionOptions } | undefined;
  mustFind(context, route);
  deleteObject(context, route.resource, route, {
    ...body?.deleteOptions,
    dryRun: readWriteQuery(request).dryRun,
  });
  return jsonResponse(
    201,
    JSON.stringify({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 }),
  );
}
