import { apiVersionOf } from "@seaworthy/kube";
import type { ApiResponse } from "@seaworthy/client";
import { jsonResponse } from "../http/responses.ts";
import type { ApiGroup, DiscoveredResource, GroupVersion } from "./api-groups.ts";

/** Tells which types are served: in one document for clients that ask for it, else a document per group. */
export function discover(
  apiGroups: readonly ApiGroup[],
  path: string,
  accept: string,
): ApiResponse | undefined {
  if (path === "/api" || path === "/apis") {
    const version = aggregatedVersion(accept);
    return version === undefined ? legacyIndex(apiGroups, path) : aggregated(apiGroups, path, version);
  }
  for (const group of apiGroups) {
    const version = group.versions.find((each) => path === groupVersionPath(each));
    if (version !== undefined) return json(resourceList(version));
    if (group.group !== "" && path === `/apis/${group.group}`)
      return json({ kind: "APIGroup", apiVersion: "v1", ...legacyGroup(group) });
  }
  if (path === "/")
    return json({
      paths: [
        "/api",
        "/apis",
        ...apiGroups.flatMap(({ versions }) => versions.map(groupVersionPath)),
        "/healthz",
        "/livez",
        "/openapi/v3",
        "/readyz",
        "/version",
      ],
    });
  return undefined;
}

/** `/api/v1` or `/apis/{group}/{version}`. */
export function groupVersionPath({ group, version }: Pick<GroupVersion, "group" | "version">): string {
  return group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
}

/** KEP-3352. Older clients know the document as v2beta1. */
function aggregatedVersion(accept: string): string | undefined {
  for (const wanted of accept.split(",")) {
    if (!wanted.includes("as=APIGroupDiscoveryList")) continue;
    const version = /v=(v2beta1|v2)(;|$)/.exec(wanted.trim())?.[1];
    if (version !== undefined) return version;
  }
  return undefined;
}

function aggregated(apiGroups: readonly ApiGroup[], path: string, version: string): ApiResponse {
  const groups = apiGroups.filter(({ group }) => (group === "") === (path === "/api"));
  const items = groups.map((group) => ({
    metadata:
      group.group === "" ? { creationTimestamp: null } : { name: group.group, creationTimestamp: null },
    versions: group.versions.map(({ version: served, resources, remote }) => ({
      version: served,
      freshness: remote?.freshness ?? "Current",
      resources: resources.map(aggregatedResource),
    })),
  }));
  const apiVersion = `apidiscovery.k8s.io/${version}`;
  const response = json({ kind: "APIGroupDiscoveryList", apiVersion, metadata: {}, items });
  const contentType = `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
  return { ...response, headers: { ...response.headers, "content-type": contentType } };
}

function aggregatedResource(resource: DiscoveredResource): unknown {
  const { name, namespaced, singular, verbs, shortNames, categories, subresources } = resource;
  return {
    resource: name,
    responseKind: responseKind(resource, resource),
    scope: namespaced ? "Namespaced" : "Cluster",
    singularResource: singular,
    verbs,
    ...(shortNames.length === 0 ? {} : { shortNames }),
    ...(categories.length === 0 ? {} : { categories }),
    ...(subresources.length === 0
      ? {}
      : {
          subresources: subresources.map((sub) => ({
            subresource: sub.name,
            responseKind: responseKind(sub, resource),
            verbs: sub.verbs,
          })),
        }),
  };
}

/** A kind of the group and version that are being listed stands there without them, unless it is a custom one. */
function responseKind(
  { group, version, kind }: Pick<DiscoveredResource, "group" | "version" | "kind">,
  listed: Pick<DiscoveredResource, "group" | "version" | "isCustom">,
) {
  const isOwn = group === listed.group && version === listed.version && !listed.isCustom;
  return isOwn ? { group: "", version: "", kind } : { group, version, kind };
}

function legacyIndex(apiGroups: readonly ApiGroup[], path: string): ApiResponse {
  if (path === "/api") {
    const addresses = [{ clientCIDR: "0.0.0.0/0", serverAddress: "127.0.0.1" }];
    return json({ kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: addresses });
  }
  const groups = apiGroups.filter(({ group }) => group !== "").map(legacyGroup);
  return json({ kind: "APIGroupList", apiVersion: "v1", groups });
}

function legacyGroup({ group, versions }: ApiGroup) {
  const served = versions.map(({ version }) => ({ groupVersion: apiVersionOf({ group, version }), version }));
  return { name: group, versions: served, preferredVersion: served[0] };
}

function resourceList({ group, version, resources }: GroupVersion): unknown {
  const groupVersion = apiVersionOf({ group, version });
  return {
    kind: "APIResourceList",
    ...(group === "" ? {} : { apiVersion: "v1" }),
    groupVersion,
    resources: resources.flatMap((resource) => {
      const { name, singular, namespaced, kind, verbs, shortNames, categories, subresources } = resource;
      const main = {
        name,
        singularName: singular,
        namespaced,
        kind,
        verbs,
        ...(shortNames.length === 0 ? {} : { shortNames }),
        ...(categories.length === 0 ? {} : { categories }),
      };
      const subs = subresources.map((sub) => ({
        name: `${name}/${sub.name}`,
        singularName: "",
        namespaced,
        ...(sub.group === group ? {} : { group: sub.group, version: sub.version }),
        kind: sub.kind,
        verbs: sub.verbs,
      }));
      return [main, ...subs];
    }),
  };
}

function json(body: unknown): ApiResponse {
  return jsonResponse(200, JSON.stringify(body));
}
