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

const storedVerbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

/** Every group, core first, then in the order of their names. */
export function groupResources(stored: readonly Resource[]): ApiGroup[] {
  const all = [...stored.map(storedResource), ...reviewResources()];
  return [...Map.groupBy(all, ({ group }) => group)]
    .map(([group, ofGroup]) => ({
      group,
      versions: [...Map.groupBy(ofGroup, ({ version }) => version)]
        .map(([version, resources]) => ({ group, version, resources }))
        .toSorted((left, right) => compareVersions(left.version, right.version)),
    }))
    .sort((left, right) => (left.group < right.group ? -1 : 1));
}

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
  const verbs =
    resource.deletesCollections === false
      ? storedVerbs.filter((verb) => verb !== "deletecollection")
      : storedVerbs;
  return { ...self, name: plural, singular, namespaced, shortNames, categories, verbs, subresources };
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

/** The stable ones first, then beta, then alpha, the newest of each first (k8s.io/apimachinery/pkg/version, CompareKubeAwareVersionStrings). */
function compareVersions(left: string, right: string): number {
  const [a, b] = [versionRank(left), versionRank(right)];
  const index = a.findIndex((value, at) => value !== b[at]);
  if (index < 0) return left < right ? -1 : left > right ? 1 : 0;
  return (b[index] ?? 0) - (a[index] ?? 0);
}

function versionRank(version: string): number[] {
  const [, major, stage, minor] = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version) ?? [];
  if (major === undefined) return [0, 0, 0];
  return [stage === undefined ? 3 : stage === "beta" ? 2 : 1, Number(major), Number(minor ?? 0)];
}
