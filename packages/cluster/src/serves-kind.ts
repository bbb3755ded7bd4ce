import { findBuiltInKind, type KubeObject } from "@seaworthy/kube";

/** Whether the embedded cluster serves the kind of an object, and so runs what the object describes. */
export function servesKind({ apiVersion, kind }: KubeObject): boolean {
  return findBuiltInKind(apiVersion, kind)?.storage !== undefined;
}
