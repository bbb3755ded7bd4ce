import type { Place } from "@seaworthy/errors";
import {
  findBuiltInKind,
  formatYaml,
  parseManifests,
  type FieldPath,
  type KubeObject,
  type Manifest,
} from "@seaworthy/kube";

/** An object of a cluster, to be looked at as if somebody had written it: by itself, and without what the cluster added. */
export function liveManifest(found: KubeObject): Manifest {
  const object = asWritten(found);
  const file = nameOf(object);
  let text: Manifest | undefined;
  // Most objects have no finding, and are never written down.
  const written = () => (text ??= parseManifests(file, formatYaml(object))[0]!);
  const ofObject = (place: Place): Place => ({ ...place, isOfObject: true });
  return {
    object,
    file,
    line: 1,
    origin: { document: 0, path: [] },
    locate: (path: FieldPath) => ofObject(written().locate(path)),
    locateKey: (path: FieldPath) => ofObject(written().locateKey(path)),
  };
}

/** `shop/Deployment/web`, and `ClusterRole/shop` where there is no namespace. */
function nameOf({ kind, metadata: { namespace, name } }: KubeObject): string {
  return [...(namespace === undefined ? [] : [namespace]), kind, name].join("/");
}

/** What servers, kubectl and controllers write into objects about their own work. */
const notes = ["kubectl.kubernetes.io/last-applied-configuration", "deployment.kubernetes.io/revision"];
/** Its uid stays: by it rules know what comes from a cluster, and what a cluster has taken. */
const bookkeeping = ["managedFields", "resourceVersion", "creationTimestamp", "generation", "selfLink"];

function asWritten(found: KubeObject): KubeObject {
  const object = findBuiltInKind(found.apiVersion, found.kind)?.veil?.(found) ?? found;
  const annotations = without(object.metadata.annotations ?? {}, notes);
  return {
    ...without(object, ["status"]),
    metadata: {
      ...without(object.metadata, [...bookkeeping, "annotations"]),
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    },
  };
}

/** An object without some fields, none of which its type demands. */
function without<T extends object>(fields: T, names: readonly string[]): T {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name))) as T;
}
