import type { ServedType } from "@seaworthy/kube";
import { resources } from "../resource.ts";

/** A resource as discovery tells of it; its name is the plural. */
export interface DiscoveredResource extends Omit<ServedType, "plural"> {
  readonly name: string;
  readonly verbs: readonly string[];
  readonly subresources: readonly DiscoveredSubresource[];
}

/** What stands under an object's path. Its kind may be of another group (Scale, Eviction). */
export interface DiscoveredSubresource {
  readonly name: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly verbs: readonly string[];
}

/** A group in the one version that is served. */
export interface ApiGroup {
  readonly group: string;
  readonly version: string;
  readonly resources: readonly DiscoveredResource[];
}

const storedVerbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

const podSubresources: readonly DiscoveredSubresource[] = [
  { name: "binding", group: "", version: "v1", kind: "Binding", verbs: ["create"] },
  { name: "eviction", group: "policy", version: "v1", kind: "Eviction", verbs: ["create"] },
  { name: "log", group: "", version: "v1", kind: "Pod", verbs: ["get"] },
];

/** Every group, core first, then in the order of their names. */
export const apiGroups: readonly ApiGroup[] = groupResources();

function groupResources(): ApiGroup[] {
  const groups = new Map<string, { group: string; version: string; resources: DiscoveredResource[] }>();
  for (const resource of [...storedResources(), ...reviewResources()]) {
    const { group, version } = resource;
    const known = groups.get(group) ?? { group, version, resources: [] };
    known.resources.push(resource);
    groups.set(group, known);
  }
  return [...groups.values()].sort((a, b) => (a.group < b.group ? -1 : 1));
}

function storedResources(): DiscoveredResource[] {
  return resources.map((resource) => {
    const { type } = resource;
    const self = { group: type.group, version: type.version, kind: type.kind };
    const reads = ["get", "patch", "update"];
    const subresources: DiscoveredSubresource[] = [];
    if (resource.status !== "none") subresources.push({ name: "status", ...self, verbs: reads });
    if (resource.hasScale === true) {
      subresources.push({ name: "scale", group: "autoscaling", version: "v1", kind: "Scale", verbs: reads });
    }
    if (type.kind === "Namespace") subresources.push({ name: "finalize", ...self, verbs: ["update"] });
    if (type.kind === "Pod") subresources.push(...podSubresources);
    const verbs =
      type.kind === "Namespace" ? storedVerbs.filter((verb) => verb !== "deletecollection") : storedVerbs;
    const { plural: name, ...rest } = type;
    return { name, ...rest, verbs, subresources };
  });
}

function reviewResources(): DiscoveredResource[] {
  const review = (group: string, kind: string): DiscoveredResource => {
    const singular = kind.toLowerCase();
    const rest = { verbs: ["create"], shortNames: [], categories: [], subresources: [] };
    return { name: `${singular}s`, singular, namespaced: false, group, version: "v1", kind, ...rest };
  };
  return [
    review("authentication.k8s.io", "SelfSubjectReview"),
    review("authorization.k8s.io", "SelfSubjectAccessReview"),
    review("authorization.k8s.io", "SelfSubjectRulesReview"),
    review("authorization.k8s.io", "SubjectAccessReview"),
  ];
}
