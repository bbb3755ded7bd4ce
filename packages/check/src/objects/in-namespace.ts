import type { KubeObject } from "@seaworthy/kube";

/** An object as if it were in another namespace, in which it names something; as it is where that is undefined. */
export function inNamespace(object: KubeObject, namespace: string | undefined): KubeObject {
  return namespace === undefined ? object : { ...object, metadata: { ...object.metadata, namespace } };
}
