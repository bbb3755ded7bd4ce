import {
  addResources,
  compareQuantity,
  isInScopes,
  maskResources,
  quotaRulesOf,
  risenResources,
  type KubeObject,
  type ResourceList,
  type ResourceQuota,
} from "@seaworthy/kube";
import type { ApiContext } from "../api-context.ts";
import { forbidden } from "../http/status-error.ts";
import type { Resource } from "../resource.ts";
import type { StoredObject } from "../store/stored-object.ts";

/** Writes down what an object uses up. To be called in the same turn of the event loop, right before the object is stored. */
export type Charge = () => void;

/**
 * The admission plugin ResourceQuota: an object that would exceed a quota of its namespace is refused. Quotas whose status has not
 * been counted yet refuse nothing.
 * https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/admission/plugin/resourcequota/controller.go (CheckRequest)
 */
export function admitQuota(
  { store, clock }: ApiContext,
  { type }: Resource,
  object: KubeObject,
  old?: KubeObject,
): Charge {
  const { namespace } = object.metadata;
  const stored = namespace === undefined ? [] : store.list(collection, namespace);
  if (stored.length === 0) return () => {};
  const rules = quotaRulesOf(type);
  if (old !== undefined && rules.checksUpdate?.(object, old) !== true) return () => {};
  const refuse = (why: string): never => {
    throw forbidden(type, object.metadata.name, why);
  };
  const usage = rules.usage(object, clock.now());
  const before = old === undefined ? {} : rules.usage(old, clock.now());
  const quotas = stored.flatMap((quota) => {
    const tracked = Object.keys(hardOf(quota.object)).filter(rules.tracks).toSorted();
    return tracked.length > 0 && isInScopes(quota.object, rules, object) ? [{ quota, tracked }] : [];
  });
  for (const {
    quota: { object: quota },
    tracked,
  } of quotas) {
    const lack = rules.lacks?.(object, tracked);
    if (lack !== undefined) refuse(`failed quota: ${quota.metadata.name}: ${lack}`);
    if (tracked.some((name) => usedOf(quota)[name] === undefined))
      refuse(`status unknown for quota: ${quota.metadata.name}, resources: ${tracked.join(",")}`);
  }
  const charges = quotas.flatMap(({ quota }) => {
    // Who comes into the scope of a quota by a change has used up nothing of it before.
    const wasCounted = old !== undefined && isInScopes(quota.object, rules, old);
    const requested = maskResources(risenResources(usage, wasCounted ? before : {}), hardOf(quota.object));
    if (Object.keys(requested).length === 0) return [];
    return [{ quota, used: charge(quota.object, requested, refuse) }];
  });
  return () => {
    for (const { quota, used } of charges) writeUsed(store, quota, used);
  };
}

const collection = "/resourcequotas";

/** What is used with what is requested besides; refused when that is more than there is. */
function charge(quota: KubeObject, requested: ResourceList, refuse: (why: string) => never): ResourceList {
  const [hard, used] = [hardOf(quota), usedOf(quota)];
  const next = addResources(used, requested);
  const exceeded = Object.keys(requested).filter(
    (name) => compareQuantity(next[name] ?? "0", hard[name] ?? "0") > 0,
  );
  if (exceeded.length === 0) return next;
  const shown = (list: ResourceList): string =>
    exceeded
      .toSorted()
      .map((name) => `${name}=${list[name] ?? "0"}`)
      .join(",");
  return refuse(
    `exceeded quota: ${quota.metadata.name}, requested: ${shown(requested)}, used: ${shown(used)}, limited: ${shown(hard)}`,
  );
}

function writeUsed(store: ApiContext["store"], stored: StoredObject, used: ResourceList): void {
  const quota = stored.copy() as ResourceQuota;
  quota.status = { ...quota.status, used: { ...used } };
  store.put(collection, stored.key, quota);
}

function hardOf(quota: KubeObject): ResourceList {
  return (quota as ResourceQuota).status?.hard ?? {};
}

function usedOf(quota: KubeObject): ResourceList {
  return (quota as ResourceQuota).status?.used ?? {};
}
