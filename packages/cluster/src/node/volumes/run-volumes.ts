import type { Pod } from "@seaworthy/kube";
import type { Clock } from "../../clock.ts";
import type { NodePace } from "../../node-pace.ts";
import { between } from "../../range.ts";
import type { Random } from "../../random.ts";
import { wait } from "../../wait.ts";
import { limitsOf, overLimit } from "./over-limit.ts";
import {
  isMadeOfObjects,
  refreshVolumes,
  setUpVolumes,
  type VolumeAt,
  type VolumeSources,
} from "./set-up-volumes.ts";
import { VolumeError } from "./volume-error.ts";

/** A pod whose volumes are set up and kept, and who hears of it. */
export interface PodOfVolumes extends VolumeSources {
  /** The pod as it is now. */
  readonly pod: () => Pod;
  readonly podDir: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly pace: () => NodePace;
  readonly ended: Promise<unknown>;
  hasEnded(): boolean;
  /** Resolves at the next change of the pod's labels or annotations, for which the kubelet looks at once. */
  metadataChanged(): Promise<unknown>;
  /** A volume could not be set up, and is tried again. */
  onFailure(error: VolumeError): void;
  /** The pod has written more than it may. */
  onExceeded(message: string): void;
}

const firstRetryMs = 500;

/**
 * Sets up the volumes of a pod, again and again until it works, and keeps them until the pod ends: what they show follows what
 * they are made of, and what is written to them is held against their limits. Undefined when the pod ended before.
 */
export async function runVolumes(options: PodOfVolumes): Promise<ReadonlyMap<string, VolumeAt> | undefined> {
  const { pod, podDir, clock, pace, ended } = options;
  for (let tries = 0; !options.hasEnded(); tries += 1) {
    try {
      const volumes = await setUpVolumes(pod(), podDir, options);
      void follow(options);
      void watchLimits(options, volumes);
      return volumes;
    } catch (error) {
      options.onFailure(
        error instanceof VolumeError ? error : new VolumeError("FailedMount", (error as Error).message),
      );
      // The kubelet doubles it, too (pkg/util/goroutinemap/exponentialbackoff).
      const retryMs = Math.min(firstRetryMs * 2 ** Math.min(tries, 20), pace().maxVolumeRetryMs);
      await wait(clock, retryMs, ended);
    }
  }
  return undefined;
}

/**
 * Writes what volumes show of ConfigMaps, Secrets, the pod itself and its tokens anew, as late as the kubelet does. What is
 * missing meanwhile leaves the volume as it was.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/kubelet/pod_workers.go (resyncInterval and its jitter)
 */
async function follow(options: PodOfVolumes): Promise<void> {
  const { pod, podDir, clock, random, pace, ended } = options;
  if (pod().spec.volumes?.some(isMadeOfObjects) !== true) return;
  while (!options.hasEnded()) {
    const afterMs = between(pace().volumeSyncMs, random);
    await wait(clock, afterMs, Promise.race([ended, options.metadataChanged()]));
    if (options.hasEnded()) return;
    await refreshVolumes(pod(), podDir, options).catch(() => {});
  }
}

async function watchLimits(options: PodOfVolumes, volumes: ReadonlyMap<string, VolumeAt>): Promise<void> {
  const { pod, clock, pace, ended } = options;
  if (limitsOf(pod()).length === 0) return;
  while (!options.hasEnded()) {
    const message = await overLimit(pod(), (name) => volumes.get(name)?.path);
    if (message !== undefined) return options.onExceeded(message);
    await wait(clock, pace().evictionMs, ended);
  }
}
