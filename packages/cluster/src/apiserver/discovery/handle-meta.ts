import type { ApiRequest, ApiResponse } from "@seaworthy/client";
import { parseBody } from "../http/parse-body.ts";
import type { Discovery } from "./create-discovery.ts";
import { discover } from "./discover.ts";
import { openApi } from "../openapi/open-api.ts";
import { jsonResponse, textResponse } from "../http/responses.ts";
import { methodNotAllowed } from "../http/status-error.ts";
import { serverVersion } from "./server-version.ts";

/** Everything that is not a stored object: health, version, discovery, schemas, reviews. */
export function handleMeta(
  { discovery }: { readonly discovery: Discovery },
  request: ApiRequest,
): ApiResponse | undefined {
  const path = request.path.replace(/\/+$/, "") || "/";
  if (request.method === "POST") return answerReview(path, request);
  if (request.method !== "GET") return undefined;
  if (/^\/(healthz|livez|readyz)(\/ping)?$/.test(path)) return textResponse(200, "ok");
  if (path === "/version") return jsonResponse(200, JSON.stringify(serverVersion));
  return (
    discover(discovery.groups(), path, request.headers["accept"] ?? "") ??
    openApi(() => discovery.documents(), path)
  );
}

/**
 * Reviews are questions that are posted and answered, never stored. There is one user and it may do everything,
 * which is what kubectl auth, k9s and Helm ask for before they begin.
 */
function answerReview(path: string, request: ApiRequest): ApiResponse | undefined {
  const status = reviews[path];
  if (status === undefined) return undefined;
  const body = parseBody(request);
  if (typeof body !== "object" || body === null) throw methodNotAllowed();
  return jsonResponse(201, JSON.stringify({ metadata: {}, ...body, status }));
}

const everything = { verbs: ["*"], apiGroups: ["*"], resources: ["*"] };

const reviews: Readonly<Record<string, unknown>> = {
  "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews": { allowed: true },
  "/apis/authorization.k8s.io/v1/subjectaccessreviews": { allowed: true },
  "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews": {
    resourceRules: [everything],
    nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
    incomplete: false,
  },
  "/apis/authentication.k8s.io/v1/selfsubjectreviews": {
    userInfo: { username: "seaworthy-admin", groups: ["system:masters", "system:authenticated"] },
  },
};
