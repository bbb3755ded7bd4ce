import type { KubeObject } from "@seaworthy/kube";
import { badRequest } from "../http/status-error.ts";

/** Refuses an object that is not the one that its request is about. */
export function checkIdentity(
  metadata: Partial<KubeObject["metadata"]>,
  { name, namespace }: { readonly name: string; readonly namespace?: string | undefined },
): void {
  matchNamespace(metadata, namespace);
  if ((metadata.name ?? "") === "") {
    throw badRequest(
      `the name of the object (${name} based on URL) was undeterminable: name must be provided`,
    );
  }
  if (metadata.name !== name) {
    throw badRequest(
      `the name of the object (${metadata.name}) does not match the name on the URL (${name})`,
    );
  }
}

/**
 * Puts an object that was sent into the namespace of its request, or refuses it where it names another one. What belongs to no
 * namespace loses the one that it names.
 * https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/registry/rest/meta.go (EnsureObjectNamespaceMatchesRequestNamespace)
 */
export function matchNamespace(
  metadata: Pick<KubeObject["metadata"], "namespace">,
  namespace: string | undefined,
): void {
  if (namespace === undefined) {
    delete metadata.namespace;
    return;
  }
  if ((metadata.namespace ?? "") !== "" && metadata.namespace !== namespace)
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  metadata.namespace = namespace;
}
