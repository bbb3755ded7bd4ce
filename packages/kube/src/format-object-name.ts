/** An object's name for messages: `Deployment default/web`, or `Node n1` when it has no namespace. */
export function formatObjectName(object: {
  readonly kind: string;
  readonly metadata?: { readonly name?: string | undefined; readonly namespace?: string | undefined };
}): string {
  const { name = "", namespace } = object.metadata ?? {};
  return `${object.kind} ${namespace === undefined || namespace === "" ? name : `${namespace}/${name}`}`;
}
