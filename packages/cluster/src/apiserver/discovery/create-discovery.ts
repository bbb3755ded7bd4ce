import type { Kinds } from "@seaworthy/kube";
import type { RemoteVersions } from "../aggregation/remote-versions.ts";
import { openApiDocuments, type OpenApiDocument } from "../openapi/open-api-documents.ts";
import { swagger } from "../openapi/swagger.ts";
import type { Resources } from "../resource.ts";
import { groupResources, type ApiGroup } from "./api-groups.ts";

/** The served kinds, those of APIServices too, in the forms in which clients ask for them. They are made anew when a kind has come or gone. */
export interface Discovery {
  /** Every group, core first, then by their priorities. */
  groups(): readonly ApiGroup[];
  /** The OpenAPI documents, by the path of group and version. */
  documents(): ReadonlyMap<string, OpenApiDocument>;
  /** The one OpenAPI document of version 2. */
  swagger(): string;
}

/** Makes the discovery of a server. Nothing is computed before somebody asks. */
export function createDiscovery(
  kinds: Kinds,
  resources: Resources,
  versions: Pick<RemoteVersions, "list" | "onChange">,
): Discovery {
  let groups: readonly ApiGroup[] | undefined;
  let documents: ReadonlyMap<string, OpenApiDocument> | undefined;
  let swaggerText: string | undefined;
  let earlier: ReadonlyMap<string, OpenApiDocument> = new Map();
  const forget = () => {
    groups = undefined;
    documents = undefined;
    swaggerText = undefined;
  };
  kinds.onChange(forget);
  versions.onChange(forget);
  const discovery: Discovery = {
    groups: () => (groups ??= groupResources(resources.list(), versions.list())),
    documents: () => (documents ??= earlier = openApiDocuments(discovery.groups(), earlier)),
    swagger: () => (swaggerText ??= JSON.stringify(swagger(discovery.documents().values()))),
  };
  return discovery;
}
