import type { Volume } from "@seaworthy/kube";
import type { ContainerSource, PodSource } from "../pod-source.ts";

/** Whether a container can write below a directory although its root is read-only: by a volume there or above it. */
export function isWritable(
  directory: string,
  { container }: ContainerSource,
  { spec, manifest }: PodSource,
): boolean {
  const above = (container.volumeMounts ?? [])
    .map((mount) => ({ ...mount, mountPath: plainPath(mount.mountPath) }))
    .filter(({ mountPath }) => directory === mountPath || directory.startsWith(`${mountPath}/`));
  const nearest = above.toSorted((a, b) => b.mountPath.length - a.mountPath.length)[0];
  if (nearest === undefined || nearest.readOnly === true) return false;
  const volume = spec.volumes?.find(({ name }) => name === nearest.name);
  // A StatefulSet's claims are not among the volumes of its template.
  return volume === undefined
    ? "volumeClaimTemplates" in ((manifest.object["spec"] as object | undefined) ?? {})
    : !isReadOnly(volume);
}

/** Without a slash at the end; `/var/run` is a link to `/run` in images. */
function plainPath(path: string): string {
  return path.replace(/\/+$/, "").replace(/^\/var\/run(?=\/|$)/, "/run");
}

function isReadOnly({ configMap, secret, downwardAPI, projected, image }: Volume): boolean {
  return Boolean(configMap ?? secret ?? downwardAPI ?? projected ?? image);
}
