import type { PersistentVolume, PersistentVolumeClaim, Pod } from "@seaworthy/kube";
import { VolumeError } from "./volume-error.ts";

/** Who has which volume in use, on all nodes. */
export interface Attachments {
  /**
   * Takes a volume into use for a pod on a node; gives why that cannot be while others have it: a ReadWriteOnce volume has one
   * node, a ReadWriteOncePod volume one pod.
   * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/volume/attachdetach/reconciler/reconciler.go
   */
  attach(
    pod: Pod,
    nodeName: string,
    claim: PersistentVolumeClaim,
    volume: PersistentVolume,
  ): VolumeError | undefined;
  /** Gives up all that a pod has. */
  detach(pod: Pod): void;
}

/** Remembers who has which volume. */
export function createAttachments(): Attachments {
  const users = new Map<string, Map<string, { readonly pod: Pod; readonly nodeName: string }>>();
  return {
    attach(pod, nodeName, claim, volume) {
      const { name } = volume.metadata;
      const uid = pod.metadata.uid ?? "";
      const own = users.get(name) ?? new Map<string, { readonly pod: Pod; readonly nodeName: string }>();
      const others = [...own].filter(([other]) => other !== uid).map(([, user]) => user);
      if (claim.spec?.accessModes?.includes("ReadWriteOncePod") === true && others.length > 0)
        return new VolumeError(
          "FailedMount",
          `MountVolume.SetUp failed for volume "${name}" : volume uses the ReadWriteOncePod access mode and is already in use by another pod`,
        );
      const away = others.filter((other) => other.nodeName !== nodeName);
      if (away.length > 0 && hasOneNode(volume))
        return new VolumeError(
          "FailedAttachVolume",
          multiAttach(
            name,
            away.map((user) => user.pod),
            pod,
          ),
        );
      own.set(uid, { pod, nodeName });
      users.set(name, own);
      return undefined;
    },
    detach({ metadata: { uid = "" } }) {
      for (const [name, own] of users) if (own.delete(uid) && own.size === 0) users.delete(name);
    },
  };
}

function hasOneNode({ spec: { accessModes = [], csi } }: PersistentVolume): boolean {
  // Only what a driver attaches is ever refused for its node; a folder of the machine is where it is.
  return csi !== undefined && !accessModes.some((mode) => mode.endsWith("Many"));
}

/** Names of pods in other namespaces are not told. */
function multiAttach(volume: string, others: readonly Pod[], { metadata: { namespace } }: Pod): string {
  const names = others
    .filter(({ metadata }) => metadata.namespace === namespace)
    .map(({ metadata }) => metadata.name);
  const start = `Multi-Attach error for volume "${volume}" `;
  return names.length === 0
    ? `${start}Volume is already exclusively attached to one node and can't be attached to another`
    : `${start}Volume is already used by pod(s) ${names.join(", ")}`;
}
