import { createHash } from "node:crypto";
import type { ApiResponse } from "@seaworthy/client";
import { apiGroups } from "../discovery/api-groups.ts";
import { groupVersionPath } from "../discovery/discover.ts";
import { jsonResponse } from "../http/responses.ts";
import { openApiDocument } from "./open-api-document.ts";

/**
 * `/openapi/v3`, an index, and a document for each group and version. kubectl reads them to compute patches, to
 * explain, and to find out whether the server validates fields.
 */
export function openApi(path: string): ApiResponse | undefined {
  if (path === "/openapi/v3") return jsonResponse(200, index());
  const document = documents().get(path.replace(/^\/openapi\/v3/, ""));
  if (document === undefined || !path.startsWith("/openapi/v3/")) return undefined;
  const response = jsonResponse(200, document.text);
  const headers = { ...response.headers, etag: `"${document.hash}"`, "cache-control": "public, immutable" };
  return { ...response, headers };
}

interface Document {
  readonly text: string;
  readonly hash: string;
}

let built: ReadonlyMap<string, Document> | undefined;

/** The documents are the same for every server, so they are made once, when first asked for. */
function documents(): ReadonlyMap<string, Document> {
  built ??= new Map(
    apiGroups.map((group) => {
      const text = JSON.stringify(openApiDocument(group));
      return [
        groupVersionPath(group),
        { text, hash: createHash("sha256").update(text).digest("hex").toUpperCase() },
      ];
    }),
  );
  return built;
}

function index(): string {
  const paths = [...documents()].map(([path, { hash }]) => {
    const serverRelativeURL = `/openapi/v3${path}?hash=${hash}`;
    return [path.slice(1), { serverRelativeURL }];
  });
  return JSON.stringify({ paths: Object.fromEntries(paths) });
}
