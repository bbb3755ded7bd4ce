import type { Informer, KubeClient } from "@seaworthy/client";
import { deepEqual, resourceTypes, type ConfigMap } from "@seaworthy/kube";

/** Makes a ConfigMap have the data, whether it is there already or not. Rejects when somebody else makes it at the same time. */
export async function writeConfigMap(
  client: KubeClient,
  configMaps: Pick<Informer<ConfigMap>, "get">,
  metadata: { readonly namespace: string; readonly name: string },
  data: Readonly<Record<string, string>>,
): Promise<void> {
  const present = configMaps.get(metadata.namespace, metadata.name);
  if (present === undefined)
    await client.create<ConfigMap>(resourceTypes.configmaps, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata,
      data,
    });
  else if (!deepEqual(present.data, data))
    await client.update(resourceTypes.configmaps, { ...present, data });
}
