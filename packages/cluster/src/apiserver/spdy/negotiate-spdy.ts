import type { ApiRequest, ApiResponse } from "@seaworthy/client";
import { textResponse } from "../http/responses.ts";

/** What is spoken over SPDY, and the headers with which the client is told. */
export interface SpdyAgreement {
  readonly protocol: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/**
 * Agrees with a client on the protocol over SPDY, or refuses in the kubelet's words.
 * https://github.com/kubernetes/streaming/blob/master/pkg/httpstream/httpstream.go (Handshake)
 */
export function negotiateSpdy(
  { headers }: Pick<ApiRequest, "headers">,
  accepted: readonly string[],
): SpdyAgreement | ApiResponse {
  const offered = (headers["x-stream-protocol-version"] ?? "").split(",").map((name) => name.trim());
  if (offered[0] === "")
    return textResponse(
      400,
      `unable to upgrade: header X-Stream-Protocol-Version does not exist in request with ${Object.keys(headers).length} headers\n`,
    );
  const protocol = offered.find((name) => accepted.includes(name));
  if (protocol === undefined) {
    const why = `client supports [${offered.join(" ")}], server accepts [${accepted.join(" ")}]`;
    const refusal = textResponse(403, `unable to upgrade: unable to negotiate protocol: ${why}\n`);
    return {
      ...refusal,
      headers: { ...refusal.headers, "x-accepted-stream-protocol-versions": accepted.join(", ") },
    };
  }
  if (headers["upgrade"]?.toLowerCase() !== "spdy/3.1") return textResponse(400, notSpdy(headers));
  return {
    protocol,
    headers: [
      ["Upgrade", "SPDY/3.1"],
      ["X-Stream-Protocol-Version", protocol],
    ],
  };
}

function notSpdy(headers: ApiRequest["headers"]): string {
  return `unable to upgrade: missing upgrade headers in request: ${JSON.stringify(headers["upgrade"] ?? "")}\n`;
}
