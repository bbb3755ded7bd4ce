import type { DiscoveredResource } from "../discovery/api-groups.ts";
import type { OpenApiDocument } from "../openapi/open-api-documents.ts";

/** A group in a version that somebody else serves, as far as it is known. */
export interface RemoteVersion {
  readonly group: string;
  readonly version: string;
  readonly groupPriority: number;
  readonly versionPriority: number;
  /** Whether its server answered the last time. */
  readonly freshness: "Current" | "Stale";
  readonly resources: readonly DiscoveredResource[];
  readonly document: OpenApiDocument | undefined;
}

/** What others serve, for discovery to tell. */
export interface RemoteVersions {
  list(): readonly RemoteVersion[];
  get(name: string): RemoteVersion | undefined;
  /** Notes down what is known under the name of an APIService, or that nothing is any more. */
  set(name: string, version: RemoteVersion | undefined): void;
  onChange(listener: () => void): void;
}

/** Makes an empty record. */
export function createRemoteVersions(): RemoteVersions {
  const versions = new Map<string, RemoteVersion>();
  const listeners: (() => void)[] = [];
  return {
    list: () => [...versions.values()],
    get: (name) => versions.get(name),
    set(name, version) {
      if (version === undefined && !versions.has(name)) return;
      if (version === undefined) versions.delete(name);
      else versions.set(name, version);
      for (const listener of listeners) listener();
    },
    onChange: (listener) => void listeners.push(listener),
  };
}
