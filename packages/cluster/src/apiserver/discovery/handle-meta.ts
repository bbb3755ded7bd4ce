import type { ApiRequest, ApiResponse } from "@seaworthy/client";
import type { ApiContext } from "../api-context.ts";
import { answerOpenId } from "../authentication/open-id.ts";
import { jsonResponse, textResponse } from "../http/responses.ts";
import { answerMetrics } from "../metrics/answer-metrics.ts";
import { openApi } from "../openapi/open-api.ts";
import { answerReview } from "../reviews/answer-review.ts";
import type { Discovery } from "./create-discovery.ts";
import { discover } from "./discover.ts";
import { serverVersion } from "./server-version.ts";

/** Everything that is not a stored object: health, version, discovery, schemas, reviews, metrics. */
export async function handleMeta(
  context: ApiContext & { readonly discovery: Discovery },
  request: ApiRequest,
): Promise<ApiResponse | undefined> {
  const answer = answerReview(context, request) ?? (await answerMetrics(context, request));
  if (answer !== undefined) return answer;
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
