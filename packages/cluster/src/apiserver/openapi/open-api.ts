import type { ApiResponse } from "@seaworthy/client";
import { jsonResponse } from "../http/responses.ts";
import type { Discovery } from "../discovery/create-discovery.ts";
import type { OpenApiDocument } from "./open-api-documents.ts";

/**
 * `/openapi/v2`, and `/openapi/v3`, an index, with a document for each group and version. kubectl reads them to compute patches, to
 * explain, and to find out whether the server validates fields.
 */
export function openApi(
  { documents, swagger }: Pick<Discovery, "documents" | "swagger">,
  path: string,
): ApiResponse | undefined {
  if (path === "/openapi/v2") return jsonResponse(200, swagger());
  if (path === "/openapi/v3") return jsonResponse(200, index(documents()));
  if (!path.startsWith("/openapi/v3/")) return undefined;
  const document = documents().get(path.replace(/^\/openapi\/v3/, ""));
  if (document === undefined) return undefined;
  const response = jsonResponse(200, document.text);
  const headers = { ...response.headers, etag: `"${document.hash}"`, "cache-control": "public, immutable" };
  return { ...response, headers };
}

function index(documents: ReadonlyMap<string, OpenApiDocument>): string {
  const paths = [...documents].map(([path, { hash }]) => {
    const serverRelativeURL = `/openapi/v3${path}?hash=${hash}`;
    return [path.slice(1), { serverRelativeURL }];
  });
  return JSON.stringify({ paths: Object.fromEntries(paths) });
}
