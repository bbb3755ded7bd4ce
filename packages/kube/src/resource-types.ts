import { findBuiltInKind } from "./kinds/built-in-kinds.ts";

/** A kind that the cluster serves: where its REST path is, and how kubectl may call it. */
export interface ServedType {
  /** The API group; "" for core. */
  readonly group: string;
  readonly version: string;
  /** The plural, for example `deployments`. */
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
}

/** The built-in types that the cluster serves, keyed by plural. */
export const resourceTypes = {
  namespaces: served("v1", "Namespace"),
  nodes: served("v1", "Node"),
  pods: served("v1", "Pod"),
  services: served("v1", "Service"),
  endpoints: served("v1", "Endpoints"),
  endpointslices: served("discovery.k8s.io/v1", "EndpointSlice"),
  configmaps: served("v1", "ConfigMap"),
  secrets: served("v1", "Secret"),
  events: served("v1", "Event"),
  deployments: served("apps/v1", "Deployment"),
  replicasets: served("apps/v1", "ReplicaSet"),
  ingresses: served("networking.k8s.io/v1", "Ingress"),
  ingressclasses: served("networking.k8s.io/v1", "IngressClass"),
  leases: served("coordination.k8s.io/v1", "Lease"),
} as const satisfies Record<string, ServedType>;

/** The served type of an object's `apiVersion` and `kind`, or undefined when the cluster does not serve it. */
export function findResourceType(apiVersion: string, kind: string): ServedType | undefined {
  return byKind.get(`${apiVersion}/${kind}`);
}

/** The `apiVersion` of objects of a type: `v1` or `apps/v1`. */
export function apiVersionOf(type: { readonly group: string; readonly version: string }): string {
  return type.group === "" ? type.version : `${type.group}/${type.version}`;
}

const byKind = new Map<string, ServedType>(
  Object.values(resourceTypes).map((type) => [`${apiVersionOf(type)}/${type.kind}`, type]),
);

function served(apiVersion: string, kind: string): ServedType {
  const found = findBuiltInKind(apiVersion, kind);
  if (found === undefined) throw new TypeError(`${apiVersion} ${kind} is not built into Kubernetes`);
  const { versions: _, ...rest } = found;
  return { ...rest, version: apiVersion.slice(apiVersion.indexOf("/") + 1), singular: kind.toLowerCase() };
}
