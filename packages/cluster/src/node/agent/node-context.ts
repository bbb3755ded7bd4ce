import type { KubeClient } from "@seaworthy/client";
import type { Pod } from "@seaworthy/kube";
import type { Clock } from "../../clock.ts";
import type { EventRecorder } from "../../event-recorder.ts";
import type { NodePace } from "../../node-pace.ts";
import type { PodNetwork } from "../../pod-network.ts";
import type { Random } from "../../random.ts";
import type { JournalBook } from "../container/container-journal.ts";
import type { PreparationSources } from "../container/prepare-container.ts";
import type { Limits } from "../limits/create-limits.ts";
import type { PodRuntime, Reachable } from "../runtime/pod-runtime.ts";
import type { VolumeSources } from "../volumes/set-up-volumes.ts";
import type { RequestToken } from "../volumes/tokens.ts";

/** What all pod workers of a node share. */
export interface NodeContext extends Omit<PreparationSources, "volumes" | "podFiles" | "runtime"> {
  readonly client: KubeClient;
  /** Time as the processes in pods have it, by which they are probed and ended. */
  readonly clock: Clock;
  /** Time as the cluster tells it, which may go faster: that of timestamps, back-offs and deadlines of pods. */
  readonly clusterClock: Clock;
  readonly random: Random;
  readonly runtime: PodRuntime;
  readonly limits: Limits;
  readonly network: PodNetwork;
  /** Asked anew at each step, because it may change while pods run. */
  readonly pace: () => NodePace;
  readonly recorder: EventRecorder;
  readonly journals: JournalBook;
  readonly hostIp: string;
  readonly dataDir: string;
  readonly requestToken: RequestToken;
  readonly findClaim: VolumeSources["findClaim"];
  readonly attach: VolumeSources["attach"];
  /** What the pod's node lacks of what the pod requests by now. */
  lackOf(pod: Pod): string | undefined;
  /** Gives up the volumes that the pod has by claims. */
  detach(): void;
  /** What programs in pods can connect to outside of their pod. */
  readonly reachable: readonly Reachable[];
  /** A free pod address, if it can be the wanted one; give it back with `releaseIp`. */
  takeIp(wanted: string | undefined): string;
  releaseIp(ip: string): void;
}
