import { ApiError, isNotFound } from "./api-error.ts";
import type { PreferredTypes, ResourceType } from "./kube-client.ts";

/** Reads the JSON at a path of the API. */
export type Ask = <T>(path: string) => Promise<T>;

interface FoundType {
  readonly type: ResourceType;
  readonly verbs: readonly string[];
}

/** The types of a group and version that know certain verbs; none when the server lacks that version. */
export async function discoverTypes(
  ask: Ask,
  apiVersion: string,
  wanted: readonly string[] = [],
): Promise<ResourceType[]> {
  try {
    const types = await typesOf(ask, apiVersion);
    const fitting = types.filter(({ verbs }) => wanted.every((verb) => verbs.includes(verb)));
    return fitting.map(({ type }) => type);
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}

/** The versions of a group, the one that the server prefers first; none when the server lacks it. */
export async function discoverVersions(ask: Ask, group: string): Promise<string[]> {
  try {
    const { versions } = await ask<{ readonly versions: readonly { readonly version: string }[] }>(
      `/apis/${group}`,
    );
    return versions.map(({ version }) => version);
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}

interface GroupList {
  readonly groups?: readonly {
    readonly versions: readonly { readonly groupVersion: string }[];
    readonly preferredVersion?: { readonly groupVersion: string };
  }[];
}

/**
 * Every type that can be listed, once: in its group's preferred version, or in the first one that has it. A version that
 * does not answer, because the server behind it is gone, hides no other one.
 * https://github.com/kubernetes/client-go/blob/master/discovery/discovery_client.go (ServerPreferredResources)
 */
export async function discoverPreferred(ask: Ask): Promise<PreferredTypes> {
  const [{ versions }, { groups = [] }] = await Promise.all([
    ask<{ readonly versions: readonly string[] }>("/api"),
    ask<GroupList>("/apis"),
  ]);
  const named = groups.flatMap(({ versions: all, preferredVersion }) => [
    ...(preferredVersion === undefined ? [] : [preferredVersion.groupVersion]),
    ...all.map(({ groupVersion }) => groupVersion),
  ]);
  const types = new Map<string, ResourceType>();
  const silent: string[] = [];
  const answers = [...new Set([...versions, ...named])].map(async (apiVersion) => {
    try {
      return await typesOf(ask, apiVersion);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      silent.push(apiVersion);
      return [];
    }
  });
  for (const { type, verbs } of (await Promise.all(answers)).flat()) {
    const key = `${type.group}/${type.plural}`;
    if (verbs.includes("list") && !types.has(key)) types.set(key, type);
  }
  return { types: [...types.values()], silent };
}

interface ResourceList {
  readonly resources?: readonly {
    readonly name: string;
    readonly kind: string;
    readonly namespaced: boolean;
    readonly verbs?: readonly string[];
  }[];
}

async function typesOf(ask: Ask, apiVersion: string): Promise<FoundType[]> {
  const cut = apiVersion.lastIndexOf("/");
  const [group, version] = [apiVersion.slice(0, Math.max(0, cut)), apiVersion.slice(cut + 1)];
  const { resources = [] } = await ask<ResourceList>(
    group === "" ? `/api/${version}` : `/apis/${group}/${version}`,
  );
  return resources
    .filter(({ name }) => !name.includes("/"))
    .map(({ name, kind, namespaced, verbs = [] }) => ({
      type: { group, version, plural: name, kind, namespaced },
      verbs,
    }));
}

/** The server's version as `1.33`; some providers write a minor of `33+`. */
export async function serverVersion(ask: Ask): Promise<string> {
  const { major, minor } = await ask<{ readonly major: string; readonly minor: string }>("/version");
  return `${major}.${/^\d*/.exec(minor)?.[0] ?? ""}`;
}
