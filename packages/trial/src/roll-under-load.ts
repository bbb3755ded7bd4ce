import { setTimeout as sleep } from "node:timers/promises";
import { SeaworthyError } from "@seaworthy/errors";
import { epochMs, startLoad, type LoadRun, type Outcome } from "@seaworthy/load";
import type { AttributionContext } from "./attribute.ts";
import type { DeploymentFacts } from "./deployment-facts.ts";
import { targetUrl } from "./environment.ts";
import { loadPlan } from "./load-plan.ts";
import type { PreparedTrial } from "./prepare-trial.ts";
import type { TrialRun } from "./run-trial.ts";
import { runRollouts } from "./run-rollouts.ts";
import { goodStatuses } from "./targets/resolve-targets.ts";
import type { Timeline } from "./timeline.ts";
import { explainFailure, makeVerdict, type ScenarioResult } from "./verdict.ts";

const defaultRounds = 2;
/** With the default rounds, none begins that would probably end after this: a trial should take about a minute. */
const roundsBudgetMs = 80_000;
const settleMs = 1_500;
const quietMs = 2_000;
/** Node's keep-alive timeout, the shortest in common use. */
const keepAlivePeriodMs = 5_000;

/** The second half of a trial: load, rollouts under it, and the verdict. */
export async function rollUnderLoad(trial: PreparedTrial, notices: readonly string[]): Promise<TrialRun> {
  const { request, environment, recorder, resolved } = trial;
  const { report, scenario, problem } = await runUnderLoad(trial);
  const timeline = recorder.read();
  const verdict = makeVerdict({
    report,
    context: attributionContext(trial, timeline),
    scenarios: [scenario],
    terminations: scenario.terminations,
    placeOf: (each) => fieldPlace(trial, each),
    about: {
      targets: resolved.targets.map((target) => ({
        name: target.name,
        url: targetUrl(target),
        methods: target.methods ?? resolved.methods,
        status: target.status ?? goodStatuses,
      })),
      cluster: environment.kind,
      profile: environment.profile,
      seed: request.seed,
      standIns: environment.standIns(),
      notices,
    },
  });
  return { verdict, timeline, report, problem };
}

async function runUnderLoad(trial: PreparedTrial) {
  const { request, environment, recorder, resolved } = trial;
  const { signal, onEvent } = request;
  const rounds = request.rounds ?? defaultRounds;
  await using load = await startLoad(loadPlan(trial), {
    signal,
    ...(resolved.dial === undefined ? {} : { dial: resolved.dial }),
  });
  const startedAt = epochMs();
  onEvent({ type: "scenario-start", name: "rollout", rounds, ratePerSecond: request.ratePerSecond });
  forwardProgress(load, trial);
  await sleep(settleMs, undefined, { signal });
  const outcome = await runRollouts({
    client: environment.client,
    recorder,
    deployments: trial.rolled,
    rounds,
    timeoutMs: request.timeoutMs,
    quietMs,
    finalQuietMs: keepAlivePeriodMs,
    ...(request.rounds === undefined ? { budgetMs: roundsBudgetMs } : {}),
    signal,
    onEvent,
  }).catch((error: unknown) => problemOf(error));
  const report = await load.stop();
  const problem = typeof outcome === "number" ? undefined : outcome;
  const scenario: ScenarioResult = {
    name: "rollout",
    rounds: typeof outcome === "number" ? outcome : 0,
    startedAt: new Date(startedAt).toISOString(),
    endedAt: new Date(epochMs()).toISOString(),
    requests: { scheduled: report.scheduled, ok: report.ok, failed: report.failures.length },
    terminations: countTerminations(trial, startedAt),
    ...(problem === undefined ? {} : { problem: problem.message }),
  };
  onEvent({ type: "scenario-end", result: scenario, p99Ms: report.latency.p99Ms });
  return { report, scenario, problem };
}

function attributionContext({ facts, resolved }: PreparedTrial, timeline: Timeline): AttributionContext {
  return { timeline, facts, services: resolved.services, edges: resolved.edges };
}

/** A stuck rollout is part of the answer; anything else ends the trial. */
function problemOf(error: unknown): SeaworthyError {
  if (error instanceof SeaworthyError && error.fault === "answer") return error;
  throw error;
}

function countTerminations({ recorder, rolled }: PreparedTrial, since: number): number {
  return recorder
    .read()
    .pods.filter((pod) =>
      rolled.some((each) => each.name === pod.deployment && each.namespace === pod.namespace),
    )
    .filter((pod) => pod.deletionSeenAt !== undefined && pod.deletionSeenAt >= since).length;
}

function fieldPlace({ manifests }: PreparedTrial, facts: DeploymentFacts) {
  const manifest = manifests.find(
    ({ object }) =>
      object.kind === "Deployment" &&
      object.metadata.name === facts.name &&
      object.metadata.namespace === facts.namespace,
  );
  return (path: readonly (string | number)[]) => {
    const place = manifest?.locate(path);
    return place === undefined ? undefined : `${place.file}:${place.line}`;
  };
}

function forwardProgress(load: LoadRun, trial: PreparedTrial): void {
  const { recorder } = trial;
  const { onEvent } = trial.request;
  const known = new Set<string>();
  load.onProgress((progress) => {
    const timeline = recorder.read();
    onEvent({ type: "progress", load: progress, timeline });
    const context = attributionContext(trial, timeline);
    for (const outcome of progress.newFailures) tellNew(outcome);
    function tellNew(outcome: Outcome): void {
      const failure = explainFailure(outcome, context, (each) => fieldPlace(trial, each));
      const key = `${failure.cause} ${failure.class}`;
      if (known.has(key)) return;
      known.add(key);
      onEvent({ type: "loss", failure });
    }
  });
}
