import type { Change } from "@seaworthy/client";
import {
  deepEqual,
  quotaRulesOf,
  resourceTypes,
  sameResources,
  type KubeObject,
  type ResourceQuota,
  type ServedType,
} from "@seaworthy/kube";
import { keyOf, splitKey, type ControllerContext } from "../reconciler/controller-context.ts";
import { startReconciler, watch } from "../reconciler/start-reconciler.ts";
import { unlessNotFound } from "../reconciler/unless-not-found.ts";
import { watchEvery } from "../reconciler/watch-every.ts";
import { countUsage } from "./count-usage.ts";

/** How often a quota is counted anew, for what frees itself by the time that passes. */
const resyncMs = 300_000;

/**
 * Counts what is used of each ResourceQuota: when it is new or changed, and when objects that it counts go
 * (k8s.io/kubernetes/pkg/controller/resourcequota). What comes is counted by the API server when it admits it.
 */
export async function startResourceQuotaController(context: ControllerContext): Promise<AsyncDisposable> {
  const { client, clock, informers, kinds } = context;
  const type = resourceTypes.resourcequotas;
  const quotas = informers.of<ResourceQuota>(type);

  function quotasOf(changed: ServedType, change: Change<KubeObject>): string[] {
    if (change.type === "added") return [];
    const rules = quotaRulesOf(changed);
    const { object } = change;
    if (change.type === "updated" && rules.frees?.(object, change.old, clock.now()) !== true) return [];
    return quotas
      .list(object.metadata.namespace)
      .filter(({ spec }) => Object.keys(spec?.hard ?? {}).some(rules.tracks))
      .map(keyOf);
  }

  return await startReconciler(context, {
    name: "resourcequota-controller",
    workers: 5,
    watches: [
      watch(quotas, (change) => {
        const isSame = change.type === "updated" && deepEqual(change.old.spec, change.object.spec);
        return change.type === "deleted" || isSame ? [] : [keyOf(change.object)];
      }),
      watchEvery(context, ({ namespaced }) => namespaced, quotasOf),
    ],
    async sync(key, { add }) {
      const { namespace, name } = splitKey(key);
      // The quota is read before what it counts: whoever is admitted after that changes it, and this write is refused.
      const quota = await client.get<ResourceQuota>(type, namespace, name).catch(unlessNotFound);
      if (quota === undefined) return;
      const { hard = {} } = quota.spec ?? {};
      const used = await countUsage(client, kinds.preferred(), quota, clock.now());
      const { status } = quota;
      const isSame =
        status?.used !== undefined && deepEqual(hard, status.hard) && sameResources(used, status.used);
      if (!isSame)
        await client.update<ResourceQuota>(type, { ...quota, status: { hard, used: { ...used } } }, "status");
      add({ key, afterMs: resyncMs });
    },
  });
}
