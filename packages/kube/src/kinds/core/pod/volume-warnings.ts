import type { PodSpec, Volume } from "../../../object.ts";
import { claimSpecWarnings } from "../persistent-volume-claim/persistent-volume-claim-warnings.ts";

const deprecated = {
  photonPersistentDisk: "photonPersistentDisk: deprecated in v1.11, non-functional in v1.16+",
  gitRepo: "gitRepo: deprecated in v1.11, and disabled by default in v1.33+",
  scaleIO: "scaleIO: deprecated in v1.16, non-functional in v1.22+",
  flocker: "flocker: deprecated in v1.22, non-functional in v1.25+",
  storageos: "storageOS: deprecated in v1.22, non-functional in v1.25+",
  quobyte: "quobyte: deprecated in v1.22, non-functional in v1.25+",
  glusterfs: "glusterfs: deprecated in v1.25, non-functional in v1.26+",
  cephfs: "cephfs: deprecated in v1.28, non-functional in v1.31+",
  rbd: "rbd: deprecated in v1.28, non-functional in v1.31+",
} as const satisfies Partial<Record<keyof Volume, string>>;

/** What the API server warns of in the volumes of a pod: old types, and files that would cover each other. */
export function* volumeWarnings(field: string, volumes: NonNullable<PodSpec["volumes"]>): Generator<string> {
  for (const [index, volume] of volumes.entries()) {
    for (const type of Object.keys(deprecated) as (keyof typeof deprecated)[])
      if (volume[type] !== undefined) yield `${field}[${index}].${deprecated[type]}`;
    const claim = volume.ephemeral?.volumeClaimTemplate?.spec;
    const at = `${field}[${index}].ephemeral.volumeClaimTemplate.spec`;
    if (claim !== undefined) yield* claimSpecWarnings(at, claim);
  }
  for (const volume of volumes) yield* overlapWarnings(volume);
}

interface Path {
  readonly path: string;
  /** Who puts a file there, where more than one does. */
  readonly source: string;
}

function* overlapWarnings(volume: Volume): Generator<string> {
  const { name, configMap, secret, downwardAPI, projected } = volume;
  const lists: readonly (readonly [of: string, paths: readonly Path[]])[] = [
    [`ConfigMap ${JSON.stringify(configMap?.name ?? "")}`, pathsOf(configMap?.items)],
    [`Secret ${JSON.stringify(secret?.secretName ?? "")}`, pathsOf(secret?.items)],
    ["DownwardAPI", pathsOf(downwardAPI?.items)],
  ];
  for (const [of, paths] of lists)
    for (const overlap of overlapsOf(paths)) yield `volume "${name}" (${of}): overlapping paths: ${overlap}`;
  for (const source of projected?.sources ?? [])
    if (Object.keys(source).length === 0) yield `volume "${name}" (Projected) has no sources provided`;
  for (const overlap of overlapsOf(projectedPaths(projected)))
    yield `volume "${name}" (Projected): overlapping paths: ${overlap}`;
}

function projectedPaths(projected: Volume["projected"]): Path[] {
  return (projected?.sources ?? []).flatMap((source): Path[] => {
    const { configMap, secret, downwardAPI, serviceAccountToken, clusterTrustBundle } = source;
    if (configMap?.items !== undefined)
      return pathsOf(configMap.items, `ConfigMap ${JSON.stringify(configMap.name ?? "")}`);
    if (secret?.items !== undefined)
      return pathsOf(secret.items, `Secret ${JSON.stringify(secret.name ?? "")}`);
    if (downwardAPI?.items !== undefined) return pathsOf(downwardAPI.items, "DownwardAPI");
    if (serviceAccountToken !== undefined) return pathsOf([serviceAccountToken], "ServiceAccountToken");
    if (clusterTrustBundle === undefined) return [];
    const { name, signerName = "" } = clusterTrustBundle;
    return pathsOf([clusterTrustBundle], `ClusterTrustBundle ${JSON.stringify(name ?? signerName)}`);
  });
}

function pathsOf(items: readonly { readonly path: string }[] | undefined, source = ""): Path[] {
  return (items ?? []).map(({ path = "" }) => ({ path: path.replace(/\/+$/, ""), source }));
}

/** Each path beside those before it that it is in, or that are in it. */
function* overlapsOf(paths: readonly Path[]): Generator<string> {
  for (const [index, own] of paths.entries()) {
    if (own.path === "") continue;
    for (const other of paths.slice(0, index)) {
      const [inner, outer] = [`${own.path}/`, `${other.path}/`];
      if (other.path !== "" && (inner.startsWith(outer) || outer.startsWith(inner)))
        yield `${shown(own)} with ${shown(other)}`;
    }
  }
}

function shown({ path, source }: Path): string {
  return source === "" ? JSON.stringify(path) : `${JSON.stringify(path)} (${source})`;
}
