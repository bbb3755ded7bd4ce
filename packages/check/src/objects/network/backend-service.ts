import type { KubeObject, Service } from "@seaworthy/kube";
import type { Backend } from "./backends.ts";
import { inNamespace } from "../in-namespace.ts";
import type { ManifestOf, ObjectSet } from "../object-set.ts";

/** The Service of a backend, if it is among the files. */
export function serviceOf(backend: Backend, set: ObjectSet): ManifestOf<Service> | undefined {
  return set.beside<Service>(ownerOf(backend), "Service", backend.service);
}

/** The object as if it were in the namespace in which its backend is looked for. */
export function ownerOf({ manifest, namespace }: Backend): KubeObject {
  return inNamespace(manifest.object, namespace);
}
