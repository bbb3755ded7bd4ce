import { isNotFound, type KubeClient } from "@seaworthy/client";
import { resourceTypes, type Pod, type PodCondition, type PodStatus } from "@seaworthy/kube";
import type { Clock } from "../../clock.ts";
import { wait } from "../../wait.ts";

/** Writes a pod's status: one write at a time, always of the newest, and none without a change. */
export interface StatusWriter {
  /** Says that something has changed. It is written soon, together with other changes of the same moment. */
  changed(): void;
  /** Resolves when what has changed so far is written. */
  flush(): Promise<void>;
  /** The conditions of a pod as its status is to carry them on. */
  conditionsOf(pod: Pod): PodCondition[];
}

/** What a writer works with. */
export interface StatusWriterOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly pod: () => Pod;
  /** The status as it is now. */
  readonly status: () => PodStatus;
  /** Whether nothing may be written any more. */
  readonly isOver: () => boolean;
  /** Resolves when waiting for another try is no use. */
  readonly over: Promise<void>;
  /** Told of the status that the API server took. */
  readonly onWritten: (status: PodStatus) => void;
}

const kubeletConditions = new Set(["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady"]);
const retryMs = 200;
const maxRetries = 50;

/** Makes a writer for one pod. */
export function createStatusWriter(options: StatusWriterOptions): StatusWriter {
  const { client, clock } = options;
  let written = "";
  let writing: Promise<void> | undefined;
  let isStale = false;
  /** The informer may show older conditions than we wrote last; their times must not change for that. */
  let lastConditions: readonly PodCondition[] = [];

  function changed(): void {
    isStale = true;
    writing ??= write().finally(() => {
      writing = undefined;
      // A change may have come after the last look and before this line.
      if (isStale) changed();
    });
  }

  async function write(): Promise<void> {
    // Changes of the same moment go into one write.
    await Promise.resolve();
    for (let retries = 0; isStale && retries < maxRetries;) {
      isStale = false;
      if (options.isOver()) return;
      const status = options.status();
      const text = JSON.stringify(status);
      if (text === written) continue;
      const { name, namespace, uid } = options.pod().metadata;
      const patch = { metadata: { uid }, status };
      try {
        const pod = await client.patch<Pod>(resourceTypes.pods, namespace, name, "merge", patch, "status");
        written = text;
        lastConditions = status.conditions ?? [];
        options.onWritten(pod.status ?? status);
      } catch (error) {
        if (isNotFound(error)) return;
        retries += 1;
        isStale = true;
        await wait(clock, retryMs, options.over);
      }
    }
  }

  return {
    changed,
    async flush() {
      changed();
      await writing;
    },
    conditionsOf({ status }) {
      const present = status?.conditions ?? [];
      const others = present.filter(
        ({ type }) => !lastConditions.some((condition) => condition.type === type),
      );
      // Of those that we only carry along, the API server knows the newest.
      const ours = lastConditions.map(
        (condition) =>
          (kubeletConditions.has(condition.type)
            ? undefined
            : present.find(({ type }) => type === condition.type)) ?? condition,
      );
      return [...ours, ...others];
    },
  };
}
