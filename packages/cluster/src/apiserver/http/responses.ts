import type { ApiResponse } from "@seaworthy/client";
import type { StatusError } from "./status-error.ts";

const common = { "cache-control": "no-cache, private" };

/** An answer whose body, or whose pieces, are JSON already. `warnings` are what kubectl prints as `Warning: …`. */
export function jsonResponse(
  status: number,
  body: ApiResponse["body"],
  warnings: readonly string[] = [],
): ApiResponse {
  const headers: Record<string, string> = { ...common, "content-type": "application/json" };
  if (warnings.length > 0) headers["warning"] = warnings.map(formatWarning).join(", ");
  return { status, headers, body };
}

/** The same answer with one warning more. */
export function withWarning(response: ApiResponse, text: string | undefined): ApiResponse {
  if (text === undefined) return response;
  const warnings = [response.headers["warning"] ?? "", formatWarning(text)].filter((value) => value !== "");
  return { ...response, headers: { ...response.headers, warning: warnings.join(", ") } };
}

/** An answer that goes on: a watch or a log. */
export function streamResponse(contentType: string, body: AsyncIterable<string>): ApiResponse {
  return { status: 200, headers: { ...common, "content-type": contentType }, body };
}

/** Plain text. */
export function textResponse(status: number, body: string): ApiResponse {
  return { status, headers: { ...common, "content-type": "text/plain; charset=utf-8" }, body };
}

/** A refusal, as a `Status`. */
export function errorResponse(error: StatusError): ApiResponse {
  const response = jsonResponse(error.code, JSON.stringify(error.toStatus()), error.warnings);
  const seconds = error.details?.retryAfterSeconds;
  return seconds === undefined
    ? response
    : { ...response, headers: { ...response.headers, "retry-after": String(seconds) } };
}

/** RFC 7234, 5.5: code 299, no agent. */
function formatWarning(text: string): string {
  return `299 - "${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
