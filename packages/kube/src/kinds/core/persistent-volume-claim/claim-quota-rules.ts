import type { KubeObject, PersistentVolumeClaim } from "../../../object.ts";
import { canonicalQuantity, compareQuantity, wholeQuantity } from "../../../quantity/quantity.ts";
import type { QuotaRules } from "../../../quota/quota-rules.ts";
import { matchesClass } from "../../../quota/quota-scopes.ts";
import type { ResourceList } from "../../../quota/resource-list.ts";
import { deepEqual } from "../../../deep-equal.ts";
import { storageClassOf } from "./storage-class-of.ts";

/**
 * How claims count for ResourceQuotas: by their number and by the storage that they ask for, in all and by StorageClass.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/quota/v1/evaluator/core/persistent_volume_claims.go
 */
export const claimQuotaRules: QuotaRules = {
  tracks: (resource) =>
    resource === "count/persistentvolumeclaims" ||
    names.some((name) => resource === name || resource.endsWith(classSuffix + name)),
  usage(object) {
    const claim = object as PersistentVolumeClaim;
    const usage: Record<string, string> = { persistentvolumeclaims: "1" };
    const storage = storageOf(claim);
    if (storage !== undefined) usage["requests.storage"] = storage;
    const storageClass = storageClassOf(claim) ?? "";
    const ofClass = Object.entries(usage).map(([name, quantity]) => [
      storageClass + classSuffix + name,
      quantity,
    ]);
    return {
      "count/persistentvolumeclaims": "1",
      ...usage,
      ...(storageClass === "" ? {} : (Object.fromEntries(ofClass) as ResourceList)),
    };
  },
  isInScope: (object, scope) =>
    scope.scopeName === "VolumeAttributesClass" && matchesClass(scope, attributesClasses(object)),
  checksUpdate: () => true,
  frees: (object, old) => !deepEqual(attributesClasses(object), attributesClasses(old)),
};

const names = ["persistentvolumeclaims", "requests.storage"];
const classSuffix = ".storageclass.storage.k8s.io/";

/** What was asked for, or given when that is more, in whole bytes. */
function storageOf({ spec, status }: PersistentVolumeClaim): string | undefined {
  const asked = spec?.resources?.requests?.["storage"];
  if (asked === undefined) return undefined;
  const given = status?.allocatedResources?.["storage"] ?? asked;
  return canonicalQuantity(wholeQuantity(compareQuantity(given, asked) > 0 ? given : asked));
}

function attributesClasses(object: KubeObject): string[] {
  const { spec, status } = object as PersistentVolumeClaim;
  const all = [
    spec?.volumeAttributesClassName,
    status?.currentVolumeAttributesClassName,
    status?.modifyVolumeStatus?.targetVolumeAttributesClassName,
  ];
  return [...new Set(all.filter((name) => name !== undefined && name !== ""))] as string[];
}
