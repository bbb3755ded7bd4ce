import type { ContainerJournal } from "@seaworthy/cluster";
import type { KeptConnection } from "../kept/kept-connection.ts";
import type { Timeline } from "../timeline/timeline.ts";

/** What a trial saw beside the requests. Journals and kept connections are empty where the cluster cannot give them. */
export interface Evidence {
  readonly timeline: Timeline;
  readonly journals: readonly ContainerJournal[];
  readonly kept: readonly KeptConnection[];
  /** How long the edge keeps an idle connection to a pod. */
  readonly edgeIdleMs: number | undefined;
}

/** How long the app keeps an idle connection, where one was seen to be closed while its pod was not ending. */
export function idleTimeoutMs(evidence: Evidence, podUids: ReadonlySet<string>): number | undefined {
  const { kept, timeline } = evidence;
  const spans = kept
    .filter(({ use, podUid }) => use === "idle" && podUids.has(podUid))
    .flatMap(({ answeredAt, closedAt, podUid }) => {
      const deletedAt = timeline.pods.find((pod) => pod.uid === podUid)?.deletionSeenAt ?? Infinity;
      if (answeredAt === undefined || closedAt === undefined || closedAt >= deletedAt) return [];
      return [closedAt - answeredAt];
    });
  return spans.length === 0 ? undefined : Math.min(...spans);
}
