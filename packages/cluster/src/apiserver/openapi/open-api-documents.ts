import { createHash } from "node:crypto";
import { patchMediaTypes } from "../http/parse-body.ts";
import type { ApiGroup, DiscoveredResource, GroupVersion } from "../discovery/api-groups.ts";
import { groupVersionPath } from "../discovery/discover.ts";
import { schemasFor } from "./open-api-schemas.ts";

/** A document as it is sent. */
export interface OpenApiDocument {
  readonly text: string;
  readonly hash: string;
}

/** The OpenAPI v3 documents of every group and version, by their paths. */
export function openApiDocuments(groups: readonly ApiGroup[]): ReadonlyMap<string, OpenApiDocument> {
  return new Map(
    groups
      .flatMap(({ versions }) => versions)
      .map((group) => {
        const text = JSON.stringify(openApiDocument(group));
        const hash = createHash("sha256").update(text).digest("hex").toUpperCase();
        return [groupVersionPath(group), { text, hash }];
      }),
  );
}

/** The document of one group and version, with as much in it as clients use. */
function openApiDocument(group: GroupVersion): Record<string, unknown> {
  const stored = group.resources.filter(({ verbs }) => verbs.includes("patch"));
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: "v1.36.3" },
    paths: Object.fromEntries(stored.flatMap((resource) => pathsOf(group, resource))),
    components: { schemas: schemasFor(stored) },
  };
}

function pathsOf(group: GroupVersion, resource: DiscoveredResource): [string, unknown][] {
  const scope = resource.namespaced ? "/namespaces/{namespace}" : "";
  const collection = `${groupVersionPath(group)}${scope}/${resource.name}`;
  const kind = { group: resource.group, version: resource.version, kind: resource.kind };
  const operation = (action: string, more: Record<string, unknown> = {}) => ({
    ...more,
    responses: { 200: { description: "OK" } },
    "x-kubernetes-action": action,
    "x-kubernetes-group-version-kind": kind,
  });
  const write = { parameters: writeParameters };
  const patchContent = Object.fromEntries(patchMediaTypes.map((mediaType) => [mediaType, {}]));
  const patch = { parameters: writeParameters, requestBody: { content: patchContent } };
  return [
    [
      collection,
      { get: operation("list"), post: operation("post", write), delete: operation("deletecollection") },
    ],
    [
      `${collection}/{name}`,
      {
        get: operation("get"),
        put: operation("put", write),
        patch: operation("patch", patch),
        delete: operation("delete"),
      },
    ],
  ];
}

const writeParameters = ["dryRun", "fieldManager", "fieldValidation", "force"].map((name) => ({
  name,
  in: "query",
  schema: { type: name === "force" ? "boolean" : "string", uniqueItems: true },
}));
