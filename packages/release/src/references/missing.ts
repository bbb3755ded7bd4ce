import type { Reference } from "@seaworthy/app";
import { SeaworthyError, type Place } from "@seaworthy/errors";
import {
  formatFieldPath,
  formatObjectName,
  nearestName,
  type KubeObject,
  type Manifest,
} from "@seaworthy/kube";

/** Something that pods refer to and that is not there, with every place that refers to it. */
export interface Missing {
  readonly reference: Reference;
  readonly namespace: string;
  readonly uses: readonly { readonly manifest: Manifest; readonly reference: Reference }[];
  /** The object, when only a key of it is missing. */
  readonly object: KubeObject | undefined;
}

/** SW1204, at the first reference. `names` are those of its kind that there are, `makers` what would have made it. */
export function missingObject(
  missing: Missing,
  names: readonly string[],
  makers: readonly Manifest[],
): SeaworthyError {
  const { kind, name, canBeOptional } = missing.reference;
  const near = nearestName(name, names);
  return new SeaworthyError("SW1204", `${kind} ${name} does not exist in namespace ${missing.namespace}`, {
    ...whereOf(missing, near === undefined ? `there is no such ${kind}` : `did you mean ${near}?`),
    why:
      kind === "ServiceAccount"
        ? "the API server refuses a pod whose ServiceAccount is not there, so that no pod is ever made"
        : "no pod can start without it: it is neither among these manifests nor in the cluster",
    seen: [
      ...makers.map(
        ({ object, file, line }) =>
          `${object.kind} ${object.metadata.name} would make it, and is left out here (${file}:${line})`,
      ),
      names.length === 0 ? `no ${kind} is there` : `${kind}s that are there: ${shortList(names)}`,
      ...furtherUses(missing),
    ],
    next: [
      near === undefined
        ? `add ${kind} ${name} to the manifests`
        : `write ${near}, or add ${kind} ${name} to the manifests`,
      ...(canBeOptional ? ["or write optional: true beside the name, if the app runs without it"] : []),
    ],
  });
}

/** SW1205, at the first reference. `keys` are those that the object has. */
export function missingKey(missing: Missing, keys: readonly string[]): SeaworthyError {
  const { kind, name, key = "" } = missing.reference;
  const near = nearestName(key, keys);
  return new SeaworthyError("SW1205", `${kind} ${name} has no key ${key}`, {
    ...whereOf(missing, near === undefined ? "there is no such key" : `did you mean ${near}?`),
    why: "no pod can start without it",
    seen: [
      keys.length === 0 ? `${kind} ${name} has no keys` : `its keys: ${shortList(keys)}`,
      ...furtherUses(missing),
    ],
    next: [
      near === undefined
        ? `add ${key} to ${kind} ${name}`
        : `write ${near}, or add ${key} to ${kind} ${name}`,
      "or write optional: true beside the name, if the app runs without it",
    ],
  });
}

function whereOf({ uses }: Missing, label: string): { place: Place; object: string; field: string } {
  const { manifest, reference } = uses[0]!;
  return {
    place: { ...manifest.locate(reference.path), label },
    object: formatObjectName(manifest.object),
    field: formatFieldPath(reference.path),
  };
}

const mostListed = 6;

function shortList(names: readonly string[]): string {
  const more = names.length - mostListed;
  return `${names.slice(0, mostListed).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function furtherUses({ uses }: Missing): string[] {
  const places = uses.slice(1).map(({ manifest, reference }) => {
    const { file, line } = manifest.locate(reference.path);
    return `${file}:${line}`;
  });
  return places.length === 0 ? [] : [`also asked for at ${shortList([...new Set(places)])}`];
}
