import type {
  Gateway,
  GatewayClass,
  GrpcRoute,
  HttpRoute,
  Namespace,
  ReferenceGrant,
  Secret,
  Service,
} from "@seaworthy/kube";

/** The objects of the Gateway API as they are now, and those that they refer to. */
export interface GatewaySet {
  readonly classes: readonly GatewayClass[];
  readonly gateways: readonly Gateway[];
  readonly httpRoutes: readonly HttpRoute[];
  readonly grpcRoutes: readonly GrpcRoute[];
  readonly grants: readonly ReferenceGrant[];
  service(namespace: string, name: string): Service | undefined;
  namespace(name: string): Namespace | undefined;
  secret(namespace: string, name: string): Secret | undefined;
}

/** Whether objects of a kind and namespace may refer to one of another namespace (ReferenceGrant). */
export function isGranted(
  { grants }: Pick<GatewaySet, "grants">,
  from: { readonly group: string; readonly kind: string; readonly namespace: string },
  to: { readonly group: string; readonly kind: string; readonly namespace: string; readonly name: string },
): boolean {
  if (from.namespace === to.namespace) return true;
  return grants.some(
    ({ metadata, spec }) =>
      metadata.namespace === to.namespace &&
      spec.from.some(
        (each) => each.group === from.group && each.kind === from.kind && each.namespace === from.namespace,
      ) &&
      spec.to.some(
        ({ group, kind, name = "" }) =>
          group === to.group && kind === to.kind && (name === "" || name === to.name),
      ),
  );
}
