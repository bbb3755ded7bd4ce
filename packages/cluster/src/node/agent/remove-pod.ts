import { rm } from "node:fs/promises";
import { isNotFound, type KubeClient } from "@seaworthy/client";
import { resourceTypes, type Pod } from "@seaworthy/kube";
import type { Clock } from "../../clock.ts";
import { wait } from "../../wait.ts";
import { removeMemoryFolders } from "../volumes/memory-folder.ts";

const retryMs = 200;
const maxTries = 50;

/** What the removal of a pod needs to know. */
export interface Removal {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly pod: Pod;
  readonly podDir: string;
  /** Whether the pod object is gone already. */
  isGone(): boolean;
  /** Whether the node ended meanwhile. */
  isDisposed(): boolean;
  readonly disposed: Promise<void>;
}

/** Removes what is left of a pod that was deleted and is over: its object, and its files unless the node ends first. */
export async function removePod(removal: Removal): Promise<void> {
  const { client, clock, pod, podDir, disposed } = removal;
  const { name, namespace, uid = "" } = pod.metadata;
  for (let tries = 0; tries < maxTries && !removal.isGone() && !removal.isDisposed(); tries += 1) {
    try {
      await client.delete(resourceTypes.pods, namespace, name, { gracePeriodSeconds: 0, uid });
      break;
    } catch (error) {
      if (isNotFound(error)) break;
      await wait(clock, retryMs, disposed);
    }
  }
  if (removal.isDisposed()) return;
  await removeMemoryFolders(podDir);
  await rm(podDir, { recursive: true, force: true, maxRetries: 3 });
}
