import { isJsonObject, type JsonObject } from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";
import type { DiscoveredResource, DiscoveredSubresource } from "../discovery/api-groups.ts";
import { rootOf, type RemoteApiService } from "./api-service.ts";
import { askApiService } from "./ask-api-service.ts";

const documentName = "APIGroupDiscoveryList";
const accept = ["v2", "v2beta1"]
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=${documentName}`)
  .join(",");

/**
 * What the server of an APIService has of the group: by its aggregated discovery, or by the older list where it has none. Rejects
 * when neither can be had.
 * https://github.com/kubernetes/kube-aggregator/blob/v0.36.3/pkg/apiserver/handler_discovery.go (fetchFreshDiscoveryForService)
 */
export async function readDiscovery(
  context: ApiContext,
  apiService: RemoteApiService,
): Promise<DiscoveredResource[]> {
  const { group, version } = apiService.spec;
  const all = await askApiService(context, apiService, "/apis", accept);
  if (all.status === 200 && all.contentType.includes(`as=${documentName}`)) {
    const found = objectsAt(parse(all.text), "items").find(({ metadata }) => nameOf(metadata) === group);
    const served = objectsAt(found, "versions").find((each) => each["version"] === version);
    return objectsAt(served, "resources").map((each) => fromAggregated(each, group, version));
  }
  const { status, text } = await askApiService(context, apiService, rootOf(apiService));
  if (status !== 200)
    throw new Error(`failed to download legacy discovery for ${rootOf(apiService)}: ${text}`);
  return fromList(objectsAt(parse(text), "resources"), group, version);
}

function fromAggregated(resource: JsonObject, group: string, version: string): DiscoveredResource {
  const kind = kindAt(resource["responseKind"], group, version);
  const subresources = objectsAt(resource, "subresources").map((sub) => ({
    name: textAt(sub, "subresource"),
    ...kindAt(sub["responseKind"], group, version),
    verbs: textsAt(sub, "verbs"),
  }));
  return {
    name: textAt(resource, "resource"),
    singular: textAt(resource, "singularResource"),
    namespaced: resource["scope"] === "Namespaced",
    ...commonOf(resource, kind),
    subresources,
  };
}

/** The older list has subresources beside the resources: `deployments/scale`. */
function fromList(resources: readonly JsonObject[], group: string, version: string): DiscoveredResource[] {
  const own = (resource: JsonObject) => ({
    group: textAt(resource, "group") || group,
    version: textAt(resource, "version") || version,
    kind: textAt(resource, "kind"),
  });
  const isSub = (resource: JsonObject) => textAt(resource, "name").includes("/");
  return resources
    .filter((resource) => !isSub(resource))
    .map((resource) => {
      const name = textAt(resource, "name");
      const subresources: DiscoveredSubresource[] = resources
        .filter((each) => textAt(each, "name").startsWith(`${name}/`))
        .map((each) => ({
          name: textAt(each, "name").slice(name.length + 1),
          ...own(each),
          verbs: textsAt(each, "verbs"),
        }));
      const singular = textAt(resource, "singularName");
      const namespaced = resource["namespaced"] === true;
      return { name, singular, namespaced, ...commonOf(resource, own(resource)), subresources };
    });
}

interface KindName {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

function commonOf(resource: JsonObject, kind: KindName) {
  return {
    ...kind,
    listKind: `${kind.kind}List`,
    shortNames: textsAt(resource, "shortNames"),
    categories: textsAt(resource, "categories"),
    verbs: textsAt(resource, "verbs"),
    // As with custom kinds, group and version are told with each kind.
    isCustom: true,
  };
}

/** A kind of the group and version that are being listed may stand there without them. */
function kindAt(value: unknown, group: string, version: string): KindName {
  const kind = isJsonObject(value) ? value : {};
  return {
    group: textAt(kind, "group") || group,
    version: textAt(kind, "version") || version,
    kind: textAt(kind, "kind"),
  };
}

function parse(text: string): JsonObject {
  const value = JSON.parse(text) as unknown;
  if (!isJsonObject(value)) throw new TypeError("discovery is no JSON object");
  return value;
}

function nameOf(metadata: unknown): string {
  return isJsonObject(metadata) ? textAt(metadata, "name") : "";
}

function objectsAt(object: JsonObject | undefined, field: string): JsonObject[] {
  const value = object?.[field];
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function textAt(object: JsonObject, field: string): string {
  const value = object[field];
  return typeof value === "string" ? value : "";
}

function textsAt(object: JsonObject, field: string): string[] {
  const value = object[field];
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}
