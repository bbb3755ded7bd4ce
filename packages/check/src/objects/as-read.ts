import { withoutNulls, type Manifest } from "@seaworthy/kube";
import { withSpec } from "../schemas/with-spec.ts";

/**
 * A manifest as the API server reads it: what is null is not written, and a spec that is not written is an empty one, as in the
 * server's own types. The same one where nothing is null and a spec is there. Fields are found where they were, since items of
 * lists stay.
 */
export function asRead(manifest: Manifest): Manifest {
  let read = readOf.get(manifest);
  if (read === undefined) {
    const object = withSpec(withoutNulls(manifest.object));
    read =
      object === manifest.object
        ? manifest
        : (Object.create(manifest, { object: { value: object, enumerable: true } }) as Manifest);
    readOf.set(manifest, read);
    writtenOf.set(read, manifest);
  }
  return read;
}

/** The manifest as it is written, of which a rule has seen what the API server reads. */
export function asWritten(manifest: Manifest): Manifest {
  return writtenOf.get(manifest) ?? manifest;
}

const readOf = new WeakMap<Manifest, Manifest>();
const writtenOf = new WeakMap<Manifest, Manifest>();
