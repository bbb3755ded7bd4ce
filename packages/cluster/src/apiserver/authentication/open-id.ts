import type { ApiRequest, ApiResponse } from "@seaworthy/client";
import type { ApiContext } from "../api-context.ts";
import { jsonResponse } from "../http/responses.ts";
import { issuer } from "./service-account-tokens.ts";

/**
 * The documents by which others check tokens of ServiceAccounts: OpenID Connect Discovery 1.0, and the keys (RFC 7517).
 * Undefined for other paths.
 */
export function answerOpenId({ tokens }: ApiContext, { path, headers }: ApiRequest): ApiResponse | undefined {
  const keysPath = "/openid/v1/jwks";
  if (path === keysPath)
    return withType(jsonResponse(200, JSON.stringify({ keys: tokens.keys })), "application/jwk-set+json");
  if (path !== "/.well-known/openid-configuration") return undefined;
  return jsonResponse(
    200,
    JSON.stringify({
      issuer,
      jwks_uri: `https://${headers["host"] ?? "127.0.0.1"}${keysPath}`,
      response_types_supported: ["id_token"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["ES256"],
    }),
  );
}

function withType(response: ApiResponse, contentType: string): ApiResponse {
  return { ...response, headers: { ...response.headers, "content-type": contentType } };
}
