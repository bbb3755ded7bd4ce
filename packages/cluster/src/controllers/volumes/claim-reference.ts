import type { ObjectReference, PersistentVolumeClaim } from "@seaworthy/kube";

/** How a volume names the claim that it belongs to. */
export function claimReference({ metadata }: PersistentVolumeClaim): ObjectReference {
  const { namespace = "", name, uid = "", resourceVersion = "" } = metadata;
  return { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace, name, uid, resourceVersion };
}
