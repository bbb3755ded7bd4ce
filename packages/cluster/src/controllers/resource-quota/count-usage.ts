import type { KubeClient } from "@seaworthy/client";
import {
  addResources,
  isInScopes,
  maskResources,
  quotaRulesOf,
  type KubeObject,
  type ResourceList,
  type ResourceQuota,
  type ServedType,
} from "@seaworthy/kube";

/**
 * What the objects of a quota's namespace use up of it. Of a resource that no kind uses it keeps what it says.
 * https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/quota/v1/resources.go (CalculateUsage)
 */
export async function countUsage(
  client: KubeClient,
  types: readonly ServedType[],
  quota: ResourceQuota,
  nowMs: number,
): Promise<ResourceList> {
  const hard = quota.spec?.hard ?? {};
  const { namespace } = quota.metadata;
  let counted: ResourceList = {};
  for (const type of types) {
    if (!type.namespaced || namespace === undefined) continue;
    const rules = quotaRulesOf(type);
    const tracked = Object.keys(hard).filter(rules.tracks);
    if (tracked.length === 0) continue;
    counted = addResources(Object.fromEntries(tracked.map((name) => [name, "0"])), counted);
    const { items } = await client.list<KubeObject>(type, { namespace });
    for (const object of items)
      if (isInScopes(quota, rules, object)) counted = addResources(counted, rules.usage(object, nowMs));
  }
  return maskResources({ ...quota.status?.used, ...maskResources(counted, hard) }, hard);
}
