import type { Gateway, GatewayListener, GatewayRoute, KubeObject, ParentReference } from "@seaworthy/kube";
import { inNamespace } from "../in-namespace.ts";
import { routeKinds } from "./backends.ts";
import { namespaceOf, type ManifestOf, type ObjectSet } from "../object-set.ts";

export const gatewayGroup = "gateway.networking.k8s.io";

/** A Gateway that a route wants to be attached to. */
export interface RouteParent {
  readonly manifest: ManifestOf<GatewayRoute>;
  readonly reference: ParentReference;
  readonly index: number;
  /** undefined where it is not among the files. */
  readonly gateway: ManifestOf<Gateway> | undefined;
  /** The listeners that are meant. */
  readonly listeners: readonly GatewayListener[];
}

/** Every parent of every route that is, or should be, a Gateway. */
export function routeParents(set: ObjectSet): RouteParent[] {
  return routeKinds
    .flatMap((kind) => set.of<GatewayRoute>(kind, gatewayGroup))
    .flatMap((manifest) =>
      (manifest.object.spec?.parentRefs ?? []).flatMap((reference, index): RouteParent[] => {
        const { group = gatewayGroup, kind = "Gateway", name, namespace, sectionName, port } = reference;
        // The schema's rule tells of a reference without a name.
        if (group !== gatewayGroup || kind !== "Gateway" || name === undefined) return [];
        const near = inNamespace(manifest.object, namespace);
        const gateway = set.beside<Gateway>(near, "Gateway", name, gatewayGroup);
        const listeners = (gateway?.object.spec?.listeners ?? []).filter(
          (each) => (sectionName ?? each.name) === each.name && (port ?? each.port) === each.port,
        );
        return [{ manifest, reference, index, gateway, listeners }];
      }),
    );
}

/** Whether a listener lets in the routes of an object's namespace, as far as that can be told from the files. */
export function letsIn({ allowedRoutes }: GatewayListener, gateway: KubeObject, route: KubeObject): boolean {
  const { from = "Same" } = allowedRoutes?.namespaces ?? {};
  if (from === "None") return false;
  if (from !== "Same" || gateway.metadata.namespace === undefined || route.metadata.namespace === undefined)
    return true;
  return namespaceOf(gateway) === namespaceOf(route);
}

/** Whether a listener and a route have a host in common: https://gateway-api.sigs.k8s.io/reference/spec/#hostname */
export function hostsMeet(listener: string | undefined, host: string): boolean {
  if (listener === undefined || listener === "" || listener === host) return true;
  const covers = (wide: string, narrow: string) => wide.startsWith("*.") && narrow.endsWith(wide.slice(1));
  return covers(listener, host) || covers(host, listener);
}
