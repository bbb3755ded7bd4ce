import { setTimeout as sleep } from "node:timers/promises";
import type { KubeClient, ResourceType } from "@seaworthy/client";
import { definesKind, findBuiltInKind, type KubeObject } from "@seaworthy/kube";

/** Tells where the REST path of an object's kind is; undefined when the cluster has no such kind. */
export type FindType = (object: KubeObject) => Promise<ResourceType | undefined>;

/** How long after a CustomResourceDefinition was applied its kind may be missing: the API server needs a second or two. */
const establishMs = 10_000;
const askAgainMs = 250;

/**
 * Kubernetes' own kinds are in a table. For any other the cluster is asked, and asked again for a while when its
 * CustomResourceDefinition is among the objects.
 */
export function typeFinder(client: KubeClient, objects: readonly KubeObject[]): FindType {
  const answers = new Map<string, Promise<ResourceType | undefined>>();
  return async (object) => {
    const { apiVersion, kind } = object;
    const builtIn = builtInType(object);
    if (builtIn !== undefined) return builtIn;
    const key = `${apiVersion}/${kind}`;
    const waitMs = objects.some((each) => definesKind(each, object)) ? establishMs : 0;
    const answer = answers.get(key) ?? discover(client, apiVersion, kind, waitMs);
    answers.set(key, answer);
    return await answer;
  };
}

/** Where the REST path of a kind of Kubernetes' own is; undefined for any other. */
export function builtInType({
  apiVersion,
  kind,
}: Pick<KubeObject, "apiVersion" | "kind">): ResourceType | undefined {
  const found = findBuiltInKind(apiVersion, kind);
  if (found === undefined) return undefined;
  const { group, plural, namespaced } = found;
  return { group, version: apiVersion.slice(apiVersion.indexOf("/") + 1), plural, kind, namespaced };
}

async function discover(
  client: KubeClient,
  apiVersion: string,
  kind: string,
  waitMs: number,
): Promise<ResourceType | undefined> {
  const until = performance.now() + waitMs;
  for (;;) {
    const found = (await client.discover(apiVersion)).find((type) => type.kind === kind);
    if (found !== undefined || performance.now() >= until) return found;
    await sleep(askAgainMs);
  }
}
