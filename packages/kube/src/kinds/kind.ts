import type { ConversionWebhook, ScalePaths } from "../custom-kinds/custom-resource-definition.ts";
import type { KubeObject } from "../object.ts";
import type { JsonObject } from "../patch/json-value.ts";
import type { LimitedPart } from "../quota/limited-part.ts";
import type { QuotaRules } from "../quota/quota-rules.ts";
import type { TableColumns } from "./columns/columns.ts";
import type { FieldErrors } from "./field-error.ts";

/** A kind of object: all that can be said of it without a cluster. */
export interface Kind extends KindTraits {
  /** The API group; "" for core. */
  readonly group: string;
  /** The versions in which it is served, the one to use first. */
  readonly versions: readonly string[];
  readonly kind: string;
  /** The plural, for example `deployments`. */
  readonly plural: string;
  readonly namespaced: boolean;
  /** The singular; the kind in small letters when absent. */
  readonly singular?: string;
  /** What a list of its objects is called; `DeploymentList` when absent. */
  readonly listKind?: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  /** The version in which its objects are stored, which need not be served; the first when absent. */
  readonly storedVersion?: string;
  /** What one of its versions has in place of the kind's own properties. */
  readonly versionTraits?: Readonly<Record<string, KindTraits>>;
}

/** What an API server says to an object that a client sends. */
export interface KindRules {
  /** What it would refuse in a new object whose defaults are filled in, in its words. It looks at it as it will be stored. */
  createErrors?(object: KubeObject): FieldErrors;
  /** What it would refuse in an object that takes the place of an older one. */
  updateErrors?(object: KubeObject, old: KubeObject): FieldErrors;
  /** What it would refuse in a change of the status; nothing when absent. */
  statusErrors?(object: KubeObject, old: KubeObject): FieldErrors;
  /** What it warns of in an object that it takes; `old` is there when the object takes its place. */
  warnings?(object: KubeObject, old: KubeObject | undefined): Iterable<string>;
}

/** The properties in which a kind differs from others. A property that is absent is as in all kinds. */
export interface KindTraits extends KindRules {
  /** How it is stored; absent for a kind that the embedded cluster does not serve. */
  readonly storage?: Storage;
  /** Nothing acts upon its objects in the embedded cluster, which only stores and shows them. */
  readonly idle?: boolean;
  /** Its objects are what a cluster notes down for itself while it runs: nobody keeps them as manifests. */
  readonly isRecord?: boolean;
  /** An object as anybody may see it, where it holds what is nobody's business. Keys and whatever else rules ask for stay. */
  veil?(object: KubeObject): KubeObject;
  /** Versions that an API server serves only when it is told to. */
  readonly offVersions?: readonly string[];
  /**
   * An object of one version as another one shows it, perhaps sharing parts with it. Absent where versions differ in
   * nothing but their name.
   */
  convert?(object: JsonObject, apiVersion: string): JsonObject;
  /** The webhook that converts its objects from one version into another, where the definition of a custom kind names one. */
  readonly conversionWebhook?: ConversionWebhook;
  /** Whether a CustomResourceDefinition defines it. */
  readonly isCustom?: boolean;
  /** The schema of a custom kind, as its CustomResourceDefinition has it. */
  readonly openAPIV3Schema?: JsonObject;
  /**
   * Takes out of a sent object, in place, what the schema of a custom kind does not know. It gives the paths of it, and
   * what has a type with which the object cannot be read.
   */
  prune?(object: JsonObject): { readonly unknown: readonly string[]; readonly wrong: string | undefined };
  /** A stored object as it is read, where that may differ from what was stored; itself where it does not. Not to change it. */
  read?(stored: JsonObject): JsonObject;
  /** Fills in what is absent in a whole object; types inside it have defaults of their own. */
  defaults?(object: JsonObject): void;
  /** Reads the rules of a kind that many clusters never see: with the first write of its objects, as all of them take a while. */
  readonly loadRules?: () => Promise<KindRules>;
  /** How its objects count for ResourceQuotas; by their number when absent. */
  readonly quotaRules?: QuotaRules;
  /** What of a new object a LimitRange may set bounds to; nothing when absent. */
  limitedParts?(object: KubeObject): readonly LimitedPart[];
  /** A change, too, is held against LimitRanges. */
  readonly limitsUpdates?: boolean;
  /** Where its pod template is. Default `spec.template`, where most kinds have one that have any. */
  readonly podTemplate?: readonly string[];
  /** Objects with smaller numbers are applied before others, so that none waits for a later one. Default 50. */
  readonly applyOrder?: number;
  /** What `kubectl get` shows; name and age when absent. */
  readonly columns?: TableColumns;
}

/**
 * How a kind is stored, as far as it is known without a cluster.
 * The counterpart of Kubernetes' strategies: https://github.com/kubernetes/kubernetes/tree/master/pkg/registry
 */
export interface Storage {
  /** Status is written through `/status` only. `keep` takes it from a creation as well. */
  readonly status: "none" | "isolated" | "keep";
  /** The kind whose objects these are in another shape, and the version in which they are stored. */
  readonly storedWith?: { readonly group: string; readonly plural: string; readonly apiVersion: string };
  /** The status of a new object whose status is isolated; absent where it has none at first. */
  readonly newStatus?: JsonObject;
  /** Labels too are out of reach of `/status`. */
  readonly statusKeepsLabels?: boolean;
  /**
   * What a write to `/status` cannot change, by paths; all of `spec` when absent. Who writes it does not own such fields.
   */
  readonly statusResetFields?: readonly string[];
  /** All metadata is out of reach of `/status`. */
  readonly statusKeepsMetadata?: boolean;
  /** Why no more objects may be made. */
  readonly forbidsCreation?: string;
  /** Where what a Scale shows is in an object; as in a Deployment when absent. */
  readonly scalePaths?: ScalePaths;
  /** Its replicas can be read and written through `/scale`. */
  readonly hasScale?: boolean;
  /** A warning that comes with every answer. */
  readonly deprecation?: string;
  /** What raises `metadata.generation` when it changes; absent for kinds without a generation. */
  generationInputs?(object: KubeObject): unknown;
  /** An update without a resourceVersion overwrites whatever is there. Default true. */
  readonly unconditionalUpdate?: boolean;
  /** PUT of an absent object creates it. */
  readonly createOnUpdate?: boolean;
  /** DELETE answers the object instead of a Status. */
  readonly returnsDeleted?: boolean;
  /** All objects of a collection can be deleted at once. Default true. */
  readonly deletesCollections?: boolean;
  /** How long the object lives on after DELETE; absent for kinds that go at once. */
  gracePeriodSeconds?(object: KubeObject, asked: number | undefined): number;
  /** The fields, beside metadata.name and metadata.namespace, that field selectors may name. */
  selectableFields?(object: KubeObject): Readonly<Record<string, string | undefined>>;
}

/** Makes a kind of its names, as discovery tells them, and of what is particular to it. */
export function kind(
  group: string,
  versions: string,
  name: string,
  plural: string,
  scope: "namespaced" | "cluster",
  {
    shortNames = [],
    categories = [],
    ...traits
  }: KindTraits & { readonly shortNames?: readonly string[]; readonly categories?: readonly string[] } = {},
): Kind {
  const namespaced = scope === "namespaced";
  return {
    group,
    versions: versions.split(" "),
    kind: name,
    plural,
    namespaced,
    shortNames,
    categories,
    ...traits,
  };
}

/** The `apiVersion` of objects of a group and version: `v1` or `apps/v1`. */
export function apiVersionOf({
  group,
  version,
}: {
  readonly group: string;
  readonly version: string;
}): string {
  return group === "" ? version : `${group}/${version}`;
}

/** The `apiVersion` of each version in which a kind is served. */
export function apiVersionsOf({ group, versions }: Kind): string[] {
  return versions.map((version) => apiVersionOf({ group, version }));
}
