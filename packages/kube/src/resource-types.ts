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
  namespaces: served("", "v1", "Namespace", "namespaces", "cluster", ["ns"]),
  nodes: served("", "v1", "Node", "nodes", "cluster", ["no"]),
  pods: served("", "v1", "Pod", "pods", "namespaced", ["po"], ["all"]),
  services: served("", "v1", "Service", "services", "namespaced", ["svc"], ["all"]),
  endpoints: served("", "v1", "Endpoints", "endpoints", "namespaced", ["ep"]),
  endpointslices: served("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", "namespaced"),
  configmaps: served("", "v1", "ConfigMap", "configmaps", "namespaced", ["cm"]),
  secrets: served("", "v1", "Secret", "secrets", "namespaced"),
  events: served("", "v1", "Event", "events", "namespaced", ["ev"]),
  deployments: served("apps", "v1", "Deployment", "deployments", "namespaced", ["deploy"], ["all"]),
  replicasets: served("apps", "v1", "ReplicaSet", "replicasets", "namespaced", ["rs"], ["all"]),
  ingresses: served("networking.k8s.io", "v1", "Ingress", "ingresses", "namespaced", ["ing"]),
  ingressclasses: served("networking.k8s.io", "v1", "IngressClass", "ingressclasses", "cluster"),
  leases: served("coordination.k8s.io", "v1", "Lease", "leases", "namespaced"),
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

function served(
  group: string,
  version: string,
  kind: string,
  plural: string,
  scope: "namespaced" | "cluster",
  shortNames: readonly string[] = [],
  categories: readonly string[] = [],
): ServedType {
  const namespaced = scope === "namespaced";
  const singular = kind.toLowerCase();
  return { group, version, plural, singular, kind, namespaced, shortNames, categories };
}
