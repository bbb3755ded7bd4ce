import { compareVersions, type JsonObject } from "@seaworthy/kube";
import { metricsResources } from "../metrics/metrics-types.ts";
import type { Resource } from "../resource.ts";

/** A resource as discovery tells of it; its name is the plural. */
export interface DiscoveredResource {
  readonly name: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly singular: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly string[];
  readonly subresources: readonly DiscoveredSubresource[];
  readonly listKind: string;
  /** The schema of a custom kind. */
  readonly openAPIV3Schema?: JsonObject;
  readonly isCustom: boolean;
}

/** What stands under an object's path. Its kind may be of another group (Scale, Eviction). */
export interface DiscoveredSubresource {
  readonly name: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly verbs: readonly string[];
}

/** A group with its versions, the preferred one first. */
export interface ApiGroup {
  readonly group: string;
  readonly versions: readonly GroupVersion[];
}

/** What a group has in one version. */
export interface GroupVersion {
  readonly group: string;
  readonly version: string;
  readonly resources: readonly DiscoveredResource[];
}

const computedVerbs = ["get", "list"];
const storedVerbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

/** Every group, core first, then in the order of their names. */
export function groupResources(stored: readonly Resource[]): ApiGroup[] {
  const computed = metricsResources.map((resource) => ({ ...discovered(resource), verbs: computedVerbs }));
  const all = [...stored.map(discovered), ...reviewResources, ...computed];
  return [...Map.groupBy(all, ({ group }) => group)]
    .map(([group, ofGroup]) => ({
      group,
      versions: [...Map.groupBy(ofGroup, ({ version }) => version)]
        .map(([version, resources]) => ({ group, version, resources }))
        .toSorted((left, right) => compareVersions(left.version, right.version)),
    }))
    .sort((left, right) => (left.group < right.group ? -1 : 1));
}

/** What is told of a resource is made once: who compares two answers sees by it that nothing has changed. */
function discovered(resource: Resource): DiscoveredResource {
  const known = told.get(resource) ?? storedResource(resource);
  told.set(resource, known);
  return known;
}

const told = new WeakMap<Resource, DiscoveredResource>();

function storedResource(resource: Resource): DiscoveredResource {
  const { group, version, kind, plural, singular, namespaced, shortNames, categories } = resource.type;
  const self = { group, version, kind };
  const reads = ["get", "patch", "update"];
  const subresources: DiscoveredSubresource[] = [];
  if (resource.status !== "none") subresources.push({ name: "status", ...self, verbs: reads });
  if (resource.hasScale === true)
    subresources.push({ name: "scale", group: "autoscaling", version: "v1", kind: "Scale", verbs: reads });
  for (const own of resource.subresources ?? [])
    subresources.push({ name: own.name, ...own.kind, verbs: own.verbs });
  const { listKind, openAPIV3Schema, isCustom = false } = resource.type;
  const names = { name: plural, singular, listKind, shortNames, categories };
  return {
    ...self,
    ...names,
    namespaced,
    verbs: storedVerbs.filter((verb) => isTaken(resource, verb)),
    subresources,
    isCustom,
    ...(openAPIV3Schema === undefined ? {} : { openAPIV3Schema }),
  };
}

function isTaken({ deletesCollections, forbidsCreation }: Resource, verb: string): boolean {
  if (verb === "deletecollection") return deletesCollections !== false;
  return forbidsCreation === undefined || !["create", "patch", "update"].includes(verb);
}

const reviewResources: readonly DiscoveredResource[] = [
  review("authentication.k8s.io", "SelfSubjectReview"),
  review("authentication.k8s.io", "TokenReview"),
  review("authorization.k8s.io", "LocalSubjectAccessReview", true),
  review("authorization.k8s.io", "SelfSubjectAccessReview"),
  review("authorization.k8s.io", "SelfSubjectRulesReview"),
  review("authorization.k8s.io", "SubjectAccessReview"),
];

function review(group: string, kind: string, namespaced = false): DiscoveredResource {
  const singular = kind.toLowerCase();
  const rest = {
    verbs: ["create"],
    shortNames: [],
    categories: [],
    subresources: [],
    listKind: `${kind}List`,
    isCustom: false,
  };
  return { name: `${singular}s`, singular, namespaced, group, version: "v1", kind, ...rest };
}
