import { groupOf, type KubeObject, type Manifest } from "@seaworthy/kube";
import { asRead } from "./as-read.ts";
import { findPods, type PodSource } from "./pod-source.ts";

/** All objects that are checked together. */
export interface ObjectSet {
  /** Those whose fields have the types that they should have, as the API server reads them; what is in custom kinds is not known. */
  readonly manifests: readonly Manifest[];
  /** The same as they are written, with what is null in them. */
  readonly written: readonly Manifest[];
  /** What is there as well, and whose fields cannot be relied on: rules know its kind, its name and no more. */
  readonly unreadable: readonly Manifest[];
  /** What is there at one time or another, beside these: rules know its kind and its name. */
  readonly hooks: readonly Manifest[];
  /** Whether a document could not be read at all: what is not among these may be in it. */
  readonly isTorn: boolean;
  /** The version of Kubernetes that they are meant for, as `1.33`. */
  readonly kubernetes: string;
  /** Where they are, for people. */
  readonly home: Home;
  /** Every pod that is one of them, or that one of them makes; once, where one of them makes another one. */
  readonly pods: readonly PodSource[];
  /** Those of a kind; `group` is "" for core. */
  of<T extends KubeObject>(kind: string, group?: string): readonly ManifestOf<T>[];
  /** The object of this kind and name that another one, in its namespace, would find; `group` is "" for core. */
  beside<T extends KubeObject>(
    object: KubeObject,
    kind: string,
    name: string,
    group?: string,
  ): ManifestOf<T> | undefined;
}

/** Where objects are, in a sentence about what is not there. */
export type Home = "these files" | "this cluster";

/** What is known of the objects of a set beside themselves. */
export interface ObjectSetOptions {
  readonly unreadable?: readonly Manifest[] | undefined;
  readonly hooks?: readonly Manifest[] | undefined;
  readonly isTorn?: boolean | undefined;
  readonly kubernetes?: string | undefined;
  readonly home?: Home | undefined;
}

/** The newest version of Kubernetes that is known here. */
export const newestKubernetes = "1.36";

/** A manifest of which the kind is known. */
export type ManifestOf<T extends KubeObject> = Manifest & { readonly object: T };

/** The namespace of an object; where it names none, that is the one in which it will be applied, called `default` here. */
export function namespaceOf({ metadata }: KubeObject): string {
  return metadata.namespace ?? "default";
}

/** Whether two objects may be in one namespace: one that names none is in the other's, as far as anybody can tell. */
export function mayMeet(one: KubeObject, other: KubeObject): boolean {
  const [left, right] = [one.metadata.namespace, other.metadata.namespace];
  return left === undefined || right === undefined || left === right;
}

/** Puts manifests together for rules. */
export function createObjectSet(
  written: readonly Manifest[],
  {
    unreadable = [],
    hooks = [],
    isTorn = false,
    kubernetes = newestKubernetes,
    home = "these files",
  }: ObjectSetOptions = {},
): ObjectSet {
  const manifests = written.map(asRead);
  const kindOf = ({ apiVersion, kind }: KubeObject) => `${groupOf(apiVersion)}/${kind}`;
  const byKind = Map.groupBy(manifests, ({ object }) => kindOf(object));
  const namesakes = Map.groupBy(manifests, ({ object }) => `${kindOf(object)} ${object.metadata.name}`);
  const owners = new Set(
    manifests.map(({ object }) => `${object.kind} ${namespaceOf(object)}/${object.metadata.name}`),
  );
  let pods: readonly PodSource[] | undefined;
  return {
    manifests,
    written,
    unreadable,
    hooks,
    isTorn,
    kubernetes,
    home,
    get pods() {
      return (pods ??= manifests.filter((each) => !hasOwner(each, owners)).flatMap(findPods));
    },
    of: <T extends KubeObject>(kind: string, group = "") =>
      (byKind.get(`${group}/${kind}`) ?? []) as unknown as readonly ManifestOf<T>[],
    beside: <T extends KubeObject>(object: KubeObject, kind: string, name: string, group = "") =>
      namesakes.get(`${group}/${kind} ${name}`)?.find((each) => mayMeet(each.object, object)) as
        | ManifestOf<T>
        | undefined,
  };
}

/** Whether one of these objects makes another one of them, as a Deployment of a live cluster makes its ReplicaSets. */
function hasOwner({ object }: Manifest, owners: ReadonlySet<string>): boolean {
  return (object.metadata.ownerReferences ?? []).some(
    ({ controller, kind, name }) =>
      controller === true && owners.has(`${kind} ${namespaceOf(object)}/${name}`),
  );
}
