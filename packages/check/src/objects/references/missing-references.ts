import { findReferences, type Reference } from "@seaworthy/app";
import { nearestName, type KubeObject, type Manifest } from "@seaworthy/kube";
import { mayMeet, type ManifestOf, type ObjectSet } from "../object-set.ts";
import { providerOf } from "./providers.ts";
import { isUnreadable } from "./unreadable.ts";

/** That a pod refers to an object that is in none of the files. */
export interface MissingReference {
  readonly manifest: Manifest;
  readonly reference: Reference;
  /** Those of its kind that are beside it. Without any, the files do not say what this namespace has. */
  readonly others: readonly string[];
  /** The one of them that was probably meant. */
  readonly near: string | undefined;
  /** Where else it is asked for. */
  readonly again: readonly string[];
}

/** Every object that pods refer to and that is missing, once for each object that refers to it. Keys are not looked at. */
export function missingReferences(set: ObjectSet, kinds: readonly Reference["kind"][]): MissingReference[] {
  return set.manifests.flatMap((manifest) => {
    const missing = findReferences(manifest.object).filter(
      (reference) =>
        reference.key === undefined &&
        kinds.includes(reference.kind) &&
        !isThere(reference, manifest.object, set),
    );
    return [...Map.groupBy(missing, ({ kind, name }) => `${kind} ${name}`).values()].map((uses) => {
      const [reference, ...more] = uses as [Reference, ...Reference[]];
      const others = namesBeside(reference.kind, manifest.object, set);
      const again = more.map(({ path }) => {
        const { file, line } = manifest.locate(path);
        return `also asked for at ${file}:${line}`;
      });
      return { manifest, reference, others, near: nearestName(reference.name, others), again };
    });
  });
}

/** What every namespace or every cluster has, or what others put there. */
const always: ReadonlySet<string> = new Set([
  "ServiceAccount default",
  "ConfigMap kube-root-ca.crt",
  "ConfigMap istio-ca-root-cert",
  "ConfigMap openshift-service-ca.crt",
]);

function isThere({ kind, name }: Reference, near: KubeObject, set: ObjectSet): boolean {
  if (always.has(`${kind} ${name}`) || isUnreadable(set, near, kind, name)) return true;
  if (kind === "ConfigMap" || kind === "Secret") return providerOf(kind, name, near, set) !== undefined;
  if (set.beside(near, kind, name) !== undefined) return true;
  return kind === "PersistentVolumeClaim" && isMadeOfTemplate(name, near, set);
}

/** A StatefulSet makes a claim for each pod, called after the template, the set and a number. */
function isMadeOfTemplate(name: string, near: KubeObject, set: ObjectSet): boolean {
  return set.of("StatefulSet", "apps").some(({ object }) => {
    const spec = object["spec"] as {
      readonly volumeClaimTemplates?: readonly { readonly metadata?: { readonly name?: string } }[];
    };
    return (spec.volumeClaimTemplates ?? []).some(
      ({ metadata }) =>
        mayMeet(object, near) && name.startsWith(`${metadata?.name ?? ""}-${object.metadata.name}-`),
    );
  });
}

function namesBeside(kind: string, near: KubeObject, set: ObjectSet): string[] {
  const all: readonly ManifestOf<KubeObject>[] = set.of(kind);
  return all.filter(({ object }) => mayMeet(object, near)).map(({ object }) => object.metadata.name);
}
