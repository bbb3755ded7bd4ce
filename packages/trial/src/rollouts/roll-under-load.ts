import { setTimeout as sleep } from "node:timers/promises";
import { goodStatuses } from "@seaworthy/targets";
import { SeaworthyError } from "@seaworthy/errors";
import { epochMs, startLoad, type LoadRun, type Outcome } from "@seaworthy/load";
import type { AttributionContext } from "../causes/attribute.ts";
import type { DeploymentFacts } from "../causes/deployment-facts.ts";
import { targetUrl } from "../environments/environment.ts";
import { loadPlan } from "./load-plan.ts";
import type { PreparedTrial } from "../prepare-trial.ts";
import type { TrialRun } from "../run-trial.ts";
import { runRollouts } from "./run-rollouts.ts";
import { fewestTerminations } from "../verdict/proof.ts";
import { watchKeptConnections, type KeptConnections } from "../kept/watch-kept-connections.ts";
import { explainFailure, makeVerdict, type ScenarioResult } from "../verdict/verdict.ts";

/** With the default rounds and pods enough, none begins that would probably end after this: a trial should take about a minute. */
const roundsBudgetMs = 80_000;
const settleMs = 1_500;
const quietMs = 2_000;
/** Node's keep-alive timeout, the shortest in common use. */
const keepAlivePeriodMs = 5_000;

/** The second half of a trial: load, rollouts under it, and the verdict. */
export async function rollUnderLoad(trial: PreparedTrial, notices: readonly string[]): Promise<TrialRun> {
  const { request, environment, resolved } = trial;
  using kept = await keepConnections(trial);
  const see = () => attributionContext(trial, kept);
  const { report, scenario, problem } = await runUnderLoad(trial, see);
  const context = see();
  const verdict = makeVerdict({
    report,
    context,
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
  request.onEvent({
    type: "scenario-end",
    result: scenario,
    p99Ms: report.latency.p99Ms,
    denied: verdict.findings.some(({ denies }) => denies),
  });
  return { verdict, timeline: context.timeline, journals: context.journals, report, problem };
}

/** On the embedded cluster the trial holds connections of its own to each pod. */
async function keepConnections({
  environment,
  recorder,
  rolled,
  resolved,
}: PreparedTrial): Promise<KeptConnections> {
  const { client, dialPod } = environment;
  if (dialPod === undefined) return { read: () => [], [Symbol.dispose]() {} };
  const services = resolved.targets.flatMap(({ name, path, hostHeader, status = goodStatuses }) => {
    const service = resolved.services[name];
    return service === undefined || resolved.edges.includes(name)
      ? []
      : [{ ...service, path, hostHeader, status }];
  });
  return await watchKeptConnections({ client, recorder, rolled, services, dialPod });
}

async function runUnderLoad(trial: PreparedTrial, see: () => AttributionContext) {
  const { request, environment, recorder, resolved } = trial;
  const { signal, onEvent } = request;
  const rounds = request.rounds ?? defaultRounds(trial);
  await using load = await startLoad(loadPlan(trial), {
    signal,
    ...(resolved.dial === undefined ? {} : { dial: resolved.dial }),
  });
  const startedAt = epochMs();
  onEvent({ type: "scenario-start", name: "rollout", rounds, ratePerSecond: request.ratePerSecond });
  forwardProgress(load, trial, see);
  await sleep(settleMs, undefined, { signal });
  const outcome = await runRollouts({
    client: environment.client,
    recorder,
    deployments: trial.rolled,
    rounds,
    timeoutMs: request.timeoutMs,
    quietMs,
    finalQuietMs: keepAlivePeriodMs,
    ...(request.rounds === undefined
      ? { budget: { ms: roundsBudgetMs, terminations: fewestTerminations } }
      : {}),
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
  return { report, scenario, problem };
}

function attributionContext(
  { facts, resolved, recorder, environment }: PreparedTrial,
  kept: KeptConnections,
): AttributionContext {
  const direct = resolved.targets.find(({ name }) => !resolved.edges.includes(name));
  return {
    timeline: recorder.read(),
    journals: environment.journals(),
    kept: kept.read(),
    edgeIdleMs: environment.edgeIdleMs,
    facts,
    services: resolved.services,
    edges: resolved.edges,
    path: (direct ?? resolved.targets[0])?.path,
  };
}

/** As many rounds as end enough pods for a proof, and two at least. */
function defaultRounds({ facts, rolled }: PreparedTrial): number {
  const replicas = facts
    .filter(({ name, namespace }) =>
      rolled.some((each) => each.name === name && each.namespace === namespace),
    )
    .reduce((sum, each) => sum + each.replicas, 0);
  return Math.max(2, Math.ceil(fewestTerminations / Math.max(1, replicas)));
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

function forwardProgress(load: LoadRun, trial: PreparedTrial, see: () => AttributionContext): void {
  const { onEvent } = trial.request;
  const known = new Set<string>();
  load.onProgress((progress) => {
    const context = see();
    onEvent({ type: "progress", load: progress, timeline: context.timeline });
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
