import { setTimeout as sleep } from "node:timers/promises";
import { epochMs } from "@seaworthy/load";
import type { Scenario } from "./scenario.ts";

/** Between two restarts the connections of the first one have found the new process. */
const quietMs = 2_000;
/** What was still sent to the old one has failed by then. */
const tailMs = 1_000;
/** kube-proxy hears within 1 s, and an edge that says so in its answers is left as soon as clients have asked again. */
const usualMs = 4_000;

/**
 * The edge is restarted while connections are open. What clients lose by that, no manifest of the service's saves, so it is counted
 * apart; unless answers took longer than an edge can wait, or the service itself answered badly.
 */
export const edgeRestart: Scenario = {
  name: "edge-restart",
  pods: "left",
  async unfit({ edges, restartEdge }) {
    if (edges.length === 0)
      return "nothing is asked through an edge: there is no Ingress and no route of a Gateway";
    return restartEdge === undefined
      ? "this edge cannot be restarted from here: on a cluster of yours --edge NAMESPACE/NAME names its Deployment or DaemonSet, and a cloud's load balancer nobody restarts"
      : undefined;
  },
  estimateMs: () => usualMs + tailMs,
  async act({ rounds = 1, restartEdge, edgeRestarting, timeoutMs, signal, note, onEvent }) {
    if (restartEdge === undefined) return 0;
    for (let round = 1; round <= rounds; round++) {
      if (round > 1) await sleep(quietMs, undefined, { signal });
      onEvent({ type: "round-start", round, rounds });
      const from = epochMs();
      const ended = edgeRestarting(from);
      note(await restartEdge({ timeoutMs, signal }));
      ended(epochMs() + tailMs);
      await sleep(tailMs, undefined, { signal });
    }
    return rounds;
  },
};
