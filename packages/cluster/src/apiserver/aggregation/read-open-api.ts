import { isJsonObject } from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";
import { openApiDocumentOf, type OpenApiDocument } from "../openapi/open-api-documents.ts";
import { rootOf, type RemoteApiService } from "./api-service.ts";
import { askApiService } from "./ask-api-service.ts";

/**
 * The OpenAPI document that the server of an APIService has of the group; undefined when it has none, as servers before
 * Kubernetes 1.24 and many adapters do.
 * https://github.com/kubernetes/kube-aggregator/blob/v0.36.3/pkg/controllers/openapiv3/aggregator/downloader.go
 */
export async function readOpenApi(
  context: ApiContext,
  apiService: RemoteApiService,
): Promise<OpenApiDocument | undefined> {
  const index = await askApiService(context, apiService, "/openapi/v3");
  if (index.status !== 200) return undefined;
  const paths = objectAt(JSON.parse(index.text), "paths");
  const entry = objectAt(paths, rootOf(apiService).slice(1));
  const url = entry["serverRelativeURL"];
  if (typeof url !== "string" || !url.startsWith("/")) return undefined;
  const { status, text } = await askApiService(context, apiService, url);
  const document = status === 200 ? (JSON.parse(text) as unknown) : undefined;
  const isWhole =
    isJsonObject(document) &&
    isJsonObject(document["paths"]) &&
    isJsonObject(objectAt(document, "components")["schemas"]);
  return isWhole ? openApiDocumentOf(text, []) : undefined;
}

function objectAt(value: unknown, field: string) {
  const found = isJsonObject(value) ? value[field] : undefined;
  return isJsonObject(found) ? found : {};
}
