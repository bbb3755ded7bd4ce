import type { ServerResponse } from "node:http";
import type { JsonObject } from "@seaworthy/kube";
import type { ExtensionRequest } from "./extension-server.ts";

const group = "sea.example.com";
const version = "v1";
const apiVersion = `${group}/${version}`;
const root = `/apis/${apiVersion}`;
const verbs = ["create", "delete", "get", "list", "watch"];

/** Serves objects of the kind Fish, as an extension API server does. It has no aggregated discovery when `isOld`. */
export function createFishExtension({ isOld = false }: { readonly isOld?: boolean } = {}): (
  request: ExtensionRequest,
  response: ServerResponse,
) => JsonObject | "answered" | undefined {
  const fish = new Map<string, JsonObject>();
  const watchers = new Set<ServerResponse>();
  let revision = 1;

  function add(namespace: string, body: string): JsonObject {
    const sent = JSON.parse(body) as JsonObject & {
      readonly metadata: JsonObject & { readonly name: string };
    };
    revision += 1;
    const metadata = {
      ...sent.metadata,
      namespace,
      uid: `uid-${revision}`,
      resourceVersion: String(revision),
    };
    const object = { ...sent, metadata };
    fish.set(`${namespace}/${sent.metadata.name}`, object);
    for (const watcher of watchers) watcher.write(`${JSON.stringify({ type: "ADDED", object })}\n`);
    return object;
  }

  return ({ method, path, query, headers, body }, response) => {
    if (path === "/apis" && !isOld && (headers.accept ?? "").includes("as=APIGroupDiscoveryList")) {
      response.setHeader(
        "content-type",
        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
      );
      response.end(JSON.stringify(aggregated));
      return "answered";
    }
    if (path === root) return list;
    if (path === "/openapi/v3" && !isOld)
      return { paths: { [root.slice(1)]: { serverRelativeURL: `/openapi/v3${root}` } } };
    if (path === `/openapi/v3${root}` && !isOld) return document;
    const [, namespace = "", name] =
      /^\/apis\/[^/]+\/v1\/namespaces\/([^/]+)\/fish(?:\/([^/]+))?$/.exec(path) ?? [];
    if (namespace === "") return undefined;
    if (method === "POST") return add(namespace, body);
    const key = `${namespace}/${name ?? ""}`;
    if (method === "DELETE")
      return fish.delete(key) ? { kind: "Status", apiVersion: "v1", status: "Success" } : undefined;
    if (name !== undefined) return fish.get(key);
    if (query.get("watch") === "true") {
      watchers.add(response);
      response.once("close", () => watchers.delete(response));
      response.setHeader("content-type", "application/json");
      response.flushHeaders();
      return "answered";
    }
    const metadata = { resourceVersion: String(revision) };
    return {
      kind: "FishList",
      apiVersion,
      metadata,
      items: [...fish].filter(([each]) => each.startsWith(key)).map(([, each]) => each),
    };
  };
}

const fishResource = { kind: "Fish", verbs, shortNames: ["fi"], categories: ["animals"] };

const list: JsonObject = {
  kind: "APIResourceList",
  apiVersion: "v1",
  groupVersion: apiVersion,
  resources: [
    { name: "fish", singularName: "fish", namespaced: true, ...fishResource },
    { name: "fish/status", singularName: "", namespaced: true, kind: "Fish", verbs: ["get"] },
  ],
};

const aggregated: JsonObject = {
  kind: "APIGroupDiscoveryList",
  apiVersion: "apidiscovery.k8s.io/v2",
  metadata: {},
  items: [
    {
      metadata: { name: group },
      versions: [
        {
          version,
          resources: [
            {
              resource: "fish",
              responseKind: { group: "", version: "", kind: "Fish" },
              scope: "Namespaced",
              singularResource: "fish",
              verbs,
              shortNames: ["fi"],
              categories: ["animals"],
              subresources: [
                { subresource: "status", responseKind: { group, version, kind: "Fish" }, verbs: ["get"] },
              ],
            },
          ],
        },
      ],
    },
  ],
};

const names = { group, version, kind: "Fish" };

const document: JsonObject = {
  openapi: "3.0.0",
  info: { title: "sea", version: "1" },
  paths: {
    [`${root}/namespaces/{namespace}/fish/{name}`]: {
      patch: {
        parameters: [{ name: "fieldValidation", in: "query", schema: { type: "string" } }],
        requestBody: { content: { "application/merge-patch+json": {} } },
        responses: { 200: { description: "OK" } },
        "x-kubernetes-action": "patch",
        "x-kubernetes-group-version-kind": names,
      },
    },
  },
  components: {
    schemas: {
      "com.example.sea.v1.Fish": {
        type: "object",
        description: "Fish swim.",
        properties: {
          apiVersion: { type: "string" },
          kind: { type: "string" },
          metadata: { type: "object" },
          spec: {
            type: "object",
            properties: { fins: { type: "integer", description: "How many it has." } },
          },
        },
        "x-kubernetes-group-version-kind": [names],
      },
    },
  },
};
