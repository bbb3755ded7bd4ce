import type { ApiRequest } from "@seaworthy/client";
import { badRequest, unknownFormat, unsupportedMediaType } from "./status-error.ts";

/** The media types that a PATCH may have. */
export const patchMediaTypes: readonly string[] = [
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/strategic-merge-patch+json",
];

/**
 * The body of a request, read as JSON; undefined when it is empty. A body of a media type that is not served is
 * refused: `text/plain` and forms are what a web page may send to any address without being asked for permission.
 */
export function parseBody({ method, headers, body }: ApiRequest): unknown {
  const text = typeof body === "string" ? body : decode(body);
  const isPatch = method === "PATCH";
  if (text.trim() === "" && !isPatch) return undefined;
  checkMediaType(headers["content-type"], isPatch ? patchMediaTypes : ["application/json"]);
  checkDepth(text);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw badRequest(`couldn't get version/kind; json parse error: ${(error as Error).message}`);
  }
}

/** Without a media type a body is JSON, unless it is a patch: there it decides what the patch means. */
function checkMediaType(contentType: string | undefined, accepted: readonly string[]): void {
  const mediaType = (contentType ?? "").split(";")[0]!.trim().toLowerCase();
  if (accepted.includes(mediaType) || (mediaType === "" && accepted.includes("application/json"))) return;
  if (mediaType.includes("protobuf") || mediaType.includes("cbor")) {
    throw unsupportedMediaType(
      `the body of the request was in ${mediaType}, which this embedded cluster does not read; use kubectl apply -f or kubectl create -f, which send JSON`,
    );
  }
  if (mediaType === "application/apply-patch+yaml") {
    throw unsupportedMediaType(
      "server-side apply is not served by this embedded cluster yet; use kubectl apply without --server-side",
    );
  }
  throw unknownFormat(accepted);
}

/** As deep as Go's decoder goes: https://github.com/golang/go/blob/go1.25.0/src/encoding/json/scanner.go (maxNestingDepth). */
const deepest = 10_000;

/** Refuses what is nested too deep, before anything recurses into it. A short text cannot be. */
function checkDepth(text: string): void {
  if (text.length <= deepest) return;
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === backslash) at += 1;
      else if (code === quote) inString = false;
    } else if (code === quote) inString = true;
    else if (code === openBracket || code === openBrace) {
      depth += 1;
      if (depth > deepest)
        throw badRequest(
          `couldn't get version/kind; json parse error: invalid character '${text[at]}' exceeded max depth`,
        );
    } else if (code === openBracket + 2 || code === openBrace + 2) depth -= 1;
  }
}

const [quote, backslash, openBracket, openBrace] = [0x22, 0x5c, 0x5b, 0x7b];

/** As TextDecoder does, and faster. */
function decode(body: Uint8Array | undefined): string {
  if (body === undefined) return "";
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8");
}
