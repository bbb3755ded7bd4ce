import { ApiError, type KubeClient, type ResourceType } from "@seaworthy/client";
import type { KubeObject } from "@seaworthy/kube";

/** What the controller reads of an APIService. */
export interface ApiService extends KubeObject {
  readonly spec: { readonly group?: string; readonly version: string; readonly service?: object };
}

/** What others serve that is to be deleted with its namespace. */
export interface AggregatedTypes {
  readonly types: readonly ResourceType[];
  /** Groups and versions whose servers do not answer: what they have is not known. */
  readonly silent: readonly string[];
}

/** Finds the namespaced kinds behind APIServices whose objects can be listed and deleted. */
export async function aggregatedTypes(
  client: Pick<KubeClient, "discover">,
  apiServices: readonly ApiService[],
): Promise<AggregatedTypes> {
  const remote = apiServices.filter(({ spec }) => spec.service !== undefined && (spec.group ?? "") !== "");
  const types = new Map<string, ResourceType>();
  const silent: string[] = [];
  for (const { spec } of remote) {
    const apiVersion = `${spec.group}/${spec.version}`;
    try {
      const found = await client.discover(apiVersion, ["list", "delete"]);
      for (const type of found) if (type.namespaced) types.set(`${type.group}/${type.plural}`, type);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      silent.push(apiVersion);
    }
  }
  return { types: [...types.values()], silent: silent.toSorted() };
}
