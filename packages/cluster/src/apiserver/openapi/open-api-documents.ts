import { createHash } from "node:crypto";
import { patchMediaTypes } from "../http/parse-body.ts";
import type { ApiGroup, DiscoveredResource, GroupVersion } from "../discovery/api-groups.ts";
import { groupVersionPath } from "../discovery/discover.ts";
import { customSchemas } from "./custom-schemas.ts";
import { schemasFor } from "./open-api-schemas.ts";

/** A document as it is sent. */
export interface OpenApiDocument {
  readonly text: string;
  readonly hash: string;
  /** What it tells of. */
  readonly resources: readonly DiscoveredResource[];
}

/**
 * The OpenAPI v3 documents of every group and version, by their paths. A document of `earlier` is kept whose resources are
 * the same, since a new kind changes one document of many.
 */
export function openApiDocuments(
  groups: readonly ApiGroup[],
  earlier: ReadonlyMap<string, OpenApiDocument>,
): ReadonlyMap<string, OpenApiDocument> {
  return new Map(
    groups
      .flatMap(({ versions }) => versions)
      .flatMap((group): [string, OpenApiDocument][] => {
        const path = groupVersionPath(group);
        const { resources, remote } = group;
        if (remote !== undefined) return remote.document === undefined ? [] : [[path, remote.document]];
        const before = earlier.get(path);
        const isSame =
          before?.resources.length === resources.length &&
          resources.every((resource, index) => resource === before.resources[index]);
        if (before !== undefined && isSame) return [[path, before]];
        return [[path, openApiDocumentOf(JSON.stringify(openApiDocument(group)), resources)]];
      }),
  );
}

/** A document with its hash, by which clients know it. */
export function openApiDocumentOf(text: string, resources: readonly DiscoveredResource[]): OpenApiDocument {
  return { text, hash: createHash("sha256").update(text).digest("hex").toUpperCase(), resources };
}

/** The document of one group and version, with as much in it as clients use. */
function openApiDocument(group: GroupVersion): Record<string, unknown> {
  const stored = group.resources.filter(({ verbs }) => verbs.includes("get"));
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: "v1.36.3" },
    paths: Object.fromEntries(stored.flatMap((resource) => pathsOf(group, resource))),
    components: {
      schemas: { ...schemasFor(stored), ...customSchemas(stored.filter(({ isCustom }) => isCustom)) },
    },
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
  // How the lists of custom kinds merge is not known of a strategic merge patch.
  const mediaTypes = patchMediaTypes.filter((type) => !resource.isCustom || !type.includes("strategic"));
  const patchContent = Object.fromEntries(mediaTypes.map((mediaType) => [mediaType, {}]));
  const patch = { parameters: writeParameters, requestBody: { content: patchContent } };
  // What is computed can only be read.
  const only = (verb: string, made: Record<string, unknown>) => (resource.verbs.includes(verb) ? made : {});
  return [
    [
      collection,
      {
        get: operation("list"),
        ...only("create", { post: operation("post", write) }),
        ...only("deletecollection", { delete: operation("deletecollection") }),
      },
    ],
    [
      `${collection}/{name}`,
      {
        get: operation("get"),
        ...only("update", { put: operation("put", write) }),
        ...only("patch", { patch: operation("patch", patch) }),
        ...only("delete", { delete: operation("delete") }),
      },
    ],
  ];
}

const writeParameters = ["dryRun", "fieldManager", "fieldValidation", "force"].map((name) => ({
  name,
  in: "query",
  schema: { type: name === "force" ? "boolean" : "string", uniqueItems: true },
}));
