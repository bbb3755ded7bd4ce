import type { ApiRequest, ApiResponse } from "@seaworthy/client";
import type { ApiContext } from "../api-context.ts";
import { answerOpenId } from "../authentication/open-id.ts";
import { jsonResponse, textResponse } from "../http/responses.ts";
import { openApi } from "../openapi/open-api.ts";
import { answerReview } from "../reviews/answer-review.ts";
import type { Discovery } from "./create-discovery.ts";
import { discover } from "./discover.ts";
import { serverVersion } from "./server-version.ts";

/** Everything that is not a stored object: health, version, discovery, schemas, reviews. */
export function handleMeta(
  context: ApiContext & { readonly discovery: Discovery },
  request: ApiRequest,
): ApiResponse | undefined {
  const review = answerReview(context, request);
  if (review !== undefined) return review;
  const { discovery } = context;
  const path = request.path.replace(/\/+$/, "") || "/";
  if (request.method !== "GET") return undefined;
  if (/^\/(healthz|livez|readyz)(\/ping)?$/.test(path)) return textResponse(200, "ok");
  if (path === "/version") return jsonResponse(200, JSON.stringify(serverVersion));
  return (
    answerOpenId(context, request) ??
    discover(discovery.groups(), path, request.headers["accept"] ?? "") ??
    openApi(discovery, path)
  );
}
