import type { ContainerJournal, SeenEndpoint } from "@seaworthy/cluster";
import { formatNotice, type SeaworthyError } from "@seaworthy/errors";
import type { LoadReport } from "@seaworthy/load";
import { prepareTrial, type TrialRequest } from "./prepare-trial.ts";
import { runScenarios } from "./scenarios/run-scenarios.ts";
import type { MeasuredTimes } from "./times/measure-times.ts";
import type { Timeline } from "./timeline/timeline.ts";
import type { TrialEvent } from "./trial-event.ts";
import type { HeldStream } from "./verdict/held-streams.ts";
import type { Verdict } from "./verdict/verdict.ts";

/** What a trial gives: the verdict, and all that it was made from. */
export interface TrialRun {
  readonly verdict: Verdict;
  readonly timeline: Timeline;
  /** What happened to the containers; empty on a real cluster, which does not tell. */
  readonly journals: readonly ContainerJournal[];
  /** What Services' rules and the edge took for ready endpoints, and when; empty on a real cluster, which does not tell. */
  readonly seenEndpoints: readonly SeenEndpoint[];
  /** The streams that were held, one by one. */
  readonly heldStreams: readonly HeldStream[];
  /** What the load saw, scenario by scenario. */
  readonly reports: readonly LoadReport[];
  /** How long the pods of each Deployment behind what was asked took to come and to go. */
  readonly times: readonly MeasuredTimes[];
  /** Why the last scenario did not come to its end, when it did not. */
  readonly problem: SeaworthyError | undefined;
}

/** Runs a trial: cluster, objects, load, scenarios, verdict. Whatever happens, what it started is ended. */
export async function runTrial(request: TrialRequest): Promise<TrialRun> {
  const notices: string[] = [];
  const onEvent = (event: TrialEvent) => {
    if (event.type === "notice") notices.push(formatNotice(event, { all: true }));
    request.onEvent(event);
  };
  await using resources = new AsyncDisposableStack();
  const trial = await prepareTrial({ ...request, onEvent }, resources);
  return await runScenarios(trial, notices);
}
