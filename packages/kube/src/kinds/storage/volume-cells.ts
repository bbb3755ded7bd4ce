import type { KubeObject } from "../../object.ts";
import { textAt } from "../columns/value-at.ts";

/** Access modes in short, as kubectl shows them. */
export function accessModes(modes: readonly unknown[]): string {
  return Object.entries(shortModes)
    .filter(([mode]) => modes.includes(mode))
    .map(([, short]) => short)
    .join(",");
}

const shortModes: Readonly<Record<string, string>> = {
  ReadWriteOnce: "RWO",
  ReadOnlyMany: "ROX",
  ReadWriteMany: "RWX",
  ReadWriteOncePod: "RWOP",
};

/** The phase of a volume or a claim, or that it is going. */
export function phaseOf(object: KubeObject): string {
  return object.metadata.deletionTimestamp === undefined ? textAt(object, "status.phase") : "Terminating";
}

/** The storage class of a volume or a claim, also where only the annotation of old names it. */
export function storageClassOf(object: KubeObject): string {
  const annotation = object.metadata.annotations?.["volume.beta.kubernetes.io/storage-class"];
  return annotation ?? textAt(object, "spec.storageClassName");
}

/** What a class is marked with that is the default one. */
export function defaultMark(annotation: string): (object: KubeObject) => string {
  return ({ metadata }) => (metadata.annotations?.[annotation] === "true" ? " (default)" : "");
}
