import { isNotFound, type KubeClient } from "@seaworthy/client";
import { resourceTypes, type Node, type Pod } from "@seaworthy/kube";
import { providerId } from "./node-object.ts";

/**
 * Takes virtual nodes away that an earlier run had and this one has not, and the pods on them: what a cloud does with the
 * Node of a machine that is gone, and the pod garbage collector with its pods.
 */
export async function forgetNodes(client: KubeClient, present: readonly string[]): Promise<void> {
  const { items } = await client.list<Node>(resourceTypes.nodes);
  const gone = items
    .filter(
      ({ metadata: { name }, spec }) => spec?.providerID === providerId(name) && !present.includes(name),
    )
    .map(({ metadata: { name } }) => name);
  if (gone.length === 0) return;
  const pods = await client.list<Pod>(resourceTypes.pods);
  const lost = pods.items.filter(({ spec }) => gone.includes(spec.nodeName ?? ""));
  await Promise.all([
    ...lost.map(({ metadata: { namespace, name, uid = "" } }) =>
      client.delete(resourceTypes.pods, namespace, name, { gracePeriodSeconds: 0, uid }).catch(unlessGone),
    ),
    ...gone.map((name) => client.delete(resourceTypes.nodes, undefined, name).catch(unlessGone)),
    ...gone.map((name) => client.delete(resourceTypes.leases, "kube-node-lease", name).catch(unlessGone)),
  ]);
}

function unlessGone(error: unknown): void {
  if (!isNotFound(error)) throw error;
}
