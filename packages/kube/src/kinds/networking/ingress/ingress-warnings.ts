import type { Ingress, KubeObject } from "../../../object.ts";

/** What the API server warns of in an Ingress, which it takes nevertheless. */
export function* ingressWarnings(object: KubeObject, old: KubeObject | undefined): Generator<string> {
  if (old !== undefined) return;
  const annotation = "kubernetes.io/ingress.class";
  const { annotations } = object.metadata;
  // An object that is not applied yet may lack its spec.
  const { spec } = object as Partial<Ingress>;
  if (annotations?.[annotation] !== undefined && spec?.ingressClassName === undefined)
    yield `annotation "${annotation}" is deprecated, please use 'spec.ingressClassName' instead`;
}
