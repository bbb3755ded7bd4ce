import { isAlreadyExists, type KubeClient } from "@seaworthy/client";
import type { Notice } from "@seaworthy/errors";
import {
  definesKind,
  gatewayDefinitionOf,
  gatewayTypes,
  resourceTypes,
  type KubeObject,
} from "@seaworthy/kube";

/**
 * Makes the definitions of the Gateway API where manifests use its kinds and nobody brought them, for the embedded cluster.
 * All of them come together, as on a real cluster, where its administrator installs them.
 */
export async function makeMissingDefinitions(
  client: KubeClient,
  objects: readonly KubeObject[],
  onNotice: (notice: Notice) => void,
): Promise<void> {
  const used = objects.filter((object) => gatewayDefinitionOf(object) !== undefined);
  const undefinedHere = await Promise.all(
    used
      .filter((object) => !objects.some((each) => definesKind(each, object)))
      .map(async (object) => ((await isServed(client, object)) ? [] : [object])),
  );
  const missing = undefinedHere.flat();
  if (missing.length === 0) return;
  for (const { group, version, kind } of Object.values(gatewayTypes)) {
    const named = { apiVersion: `${group}/${version}`, kind };
    const definition = gatewayDefinitionOf(named);
    if (definition === undefined || objects.some((each) => definesKind(each, named))) continue;
    await client.create(resourceTypes.customresourcedefinitions, definition).catch((error: unknown) => {
      if (!isAlreadyExists(error)) throw error;
    });
  }
  onNotice({
    text: "the Gateway API is served here; a real cluster needs its CustomResourceDefinitions and a controller",
    names: missing.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
  });
}

async function isServed(client: KubeClient, { apiVersion, kind }: KubeObject): Promise<boolean> {
  return (await client.discover(apiVersion)).some((type) => type.kind === kind);
}
