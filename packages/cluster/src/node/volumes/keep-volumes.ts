import type { Pod } from "@seaworthy/kube";
import type { Clock } from "../../clock.ts";
import type { Random } from "../../random.ts";
import { between, type Range } from "../../range.ts";
import { wait } from "../../wait.ts";
import { isMadeOfObjects, refreshVolumes, type VolumeSources } from "./set-up-volumes.ts";

/** How the volumes of a running pod are kept. */
export interface VolumeKeeping {
  /** The pod as it is now. */
  readonly pod: () => Pod;
  readonly podDir: string;
  readonly sources: VolumeSources;
  readonly clock: Clock;
  readonly random: Random;
  /** How long after one look at what volumes are made of the next one is. */
  readonly everyMs: () => Range;
  /** Resolves when the pod's labels or annotations change, for which the kubelet looks at once. */
  readonly changed: () => Promise<unknown>;
  readonly ended: Promise<unknown>;
  hasEnded(): boolean;
}

/**
 * Writes what volumes show of ConfigMaps, Secrets, the pod itself and its tokens anew until the pod ends, as late as the
 * kubelet does. What is missing meanwhile leaves the volume as it was.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/kubelet/pod_workers.go (resyncInterval and its jitter)
 */
export async function keepVolumes(keeping: VolumeKeeping): Promise<void> {
  const { pod, podDir, sources, clock, random, everyMs, changed, ended } = keeping;
  if (pod().spec.volumes?.some(isMadeOfObjects) !== true) return;
  while (!keeping.hasEnded()) {
    const stop = Promise.race([ended, changed()]);
    await wait(clock, between(everyMs(), random), stop);
    if (keeping.hasEnded()) return;
    await refreshVolumes(pod(), podDir, sources).catch(() => {});
  }
}
