import { apiVersionOf, compareVersions, type JsonObject } from "@seaworthy/kube";
import type { RemoteVersion } from "../aggregation/remote-versions.ts";
import { metricsResources } from "../metrics/metrics-types.ts";
import type { Resource } from "../resource.ts";
import { priorityOf, type Priority } from "./priorities.ts";

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
  /** What is known of it when somebody else serves it. */
  readonly remote?: RemoteVersion;
}

const computedVerbs = ["get", "list"];
const storedVerbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

/**
 * Every group, core first, then by their priorities; of two versions with one priority the more stable goes before. What somebody
 * else serves takes the place of what this server has of the same group and version.
 * https://github.com/kubernetes/kube-aggregator/blob/v0.36.3/pkg/apis/apiregistration/v1/helper/helpers.go (SortedByGroupAndVersion)
 */
export function groupResources(
  stored: readonly Resource[],
  remotes: readonly RemoteVersion[] = [],
): ApiGroup[] {
  const computed = metricsResources.map((resource) => ({ ...discovered(resource), verbs: computedVerbs }));
  const all = [...stored.map(discovered), ...reviewResources, ...computed];
  const own = [...Map.groupBy(all, apiVersionOf)]
    .filter(([apiVersion]) => !remotes.some((remote) => apiVersionOf(remote) === apiVersion))
    .map(([, [first, ...more]]) => ownVersion([first!, ...more]));
  const others = remotes.map((remote) => ({ ...remote, remote }));
  return [...Map.groupBy([...own, ...others], ({ group }) => group)]
    .map(([group, versions]) => ({ group, versions: versions.toSorted(byVersion) }))
    .toSorted(byGroup);
}

function ownVersion(resources: readonly [DiscoveredResource, ...DiscoveredResource[]]): PrioritizedVersion {
  const [{ group, version }] = resources;
  return { group, version, resources, ...priorityOf({ group, version }) };
}

interface PrioritizedVersion extends GroupVersion, Priority {}

function byVersion(left: PrioritizedVersion, right: PrioritizedVersion): number {
  return right.versionPriority - left.versionPriority || compareVersions(left.version, right.version);
}

function byGroup(
  left: { readonly group: string; readonly versions: readonly Priority[] },
  right: { readonly group: string; readonly versions: readonly Priority[] },
): number {
  const highest = ({ group, versions }: typeof left) =>
    group === "" ? Infinity : Math.max(...versions.map(({ groupPriority }) => groupPriority));
  const [one, other] = [highest(left), highest(right)];
  if (one !== other) return one > other ? -1 : 1;
  return left.group < right.group ? -1 : 1;
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
