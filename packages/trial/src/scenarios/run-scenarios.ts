import { setTimeout as sleep } from "node:timers/promises";
import { goodStatuses } from "@seaworthy/targets";
import { SeaworthyError } from "@seaworthy/errors";
import { epochMs, type LoadReport, type Outcome } from "@seaworthy/load";
import { autoscalingResult, autoscalingText, type Scaling } from "../autoscaling/scaling.ts";
import { attribute, type AttributionContext } from "../causes/attribute.ts";
import type { EdgeRestart } from "../causes/edge-restart.ts";
import type { Harm } from "../causes/harm.ts";
import type { DeploymentFacts } from "../causes/deployment-facts.ts";
import { isUnavoidable } from "../causes/unavoidable.ts";
import { findPodEnds } from "../causes/find-pod-ends.ts";
import { targetUrl } from "../environments/environment.ts";
import { watchKeptConnections, type KeptConnections } from "../kept/watch-kept-connections.ts";
import { readMachineWork } from "../machine/machine-work.ts";
import { watchCrowd, type Crowd } from "../machine/watch-crowd.ts";
import type { PreparedTrial, TrialRequest } from "../prepare-trial.ts";
import type { TrialRun } from "../run-trial.ts";
import { measureTimes } from "../times/measure-times.ts";
import { edgeLosses } from "../verdict/edge-losses.ts";
import { mergeLoads } from "../verdict/merge-loads.ts";
import { heldStreams } from "../verdict/held-streams.ts";
import { judgeScenario, type ScenarioResult } from "../verdict/scenario-result.ts";
import { fewestTerminations, strongTerminations, terminationsFor } from "../verdict/proof.ts";
import { explainFailure, makeVerdict } from "../verdict/verdict.ts";
import { allScenarios } from "./all-scenarios.ts";
import { aftermath } from "./aftermath.ts";
import { chooseScenarios, paceOf } from "./choose-scenarios.ts";
import { startScenarioLoads } from "../load/scenario-loads.ts";
import type { Scenario, Stage, TriedService, WantedProof } from "./scenario.ts";
import { isOf } from "./serving-pods.ts";

/** In so much time a load opens its connections, and has asked what takes long. */
const settleMs = 1_500;

/** The second half of a trial: one scenario after the other, each under a load of its own, and the verdict. */
export async function runScenarios(trial: PreparedTrial, notices: readonly string[]): Promise<TrialRun> {
  const { request, environment, resolved } = trial;
  using kept = await keepConnections(trial);
  // Of what else runs beside a real cluster nothing is known here.
  using crowd =
    environment.kind === "embedded" ? watchCrowd(() => readMachineWork(process.pid), epochMs) : undefined;
  const deeds: Deeds = { harms: new Map(), edgeRestarts: [] };
  const see = () => attributionContext(trial, { kept, crowd }, deeds);
  const play = (scenario: Scenario, rounds: number | undefined) =>
    runScenario(trial, scenario, { see, deeds, rounds });
  const runs =
    request.withinMs === undefined
      ? await playAll(trial, play)
      : await playWithin(trial, play, request.withinMs);
  const context = see();
  const reports = runs.flatMap((run) => run.reports);
  const verdict = makeVerdict({
    report: mergeLoads(reports),
    context,
    scenarios: runs.map(({ result }) => result),
    terminations: runs.reduce((sum, { asked, result }) => sum + (asked ? result.terminations : 0), 0),
    endsPods: runs.some(({ asked }) => asked),
    placeOf: (each) => fieldPlace(trial, each),
    about: {
      targets: resolved.targets.map((target) => ({
        name: target.name,
        url: targetUrl(target),
        methods: target.methods ?? resolved.methods,
        status:
          resolved.calls.find((call) => call.targets?.includes(target.name))?.status ??
          target.status ??
          goodStatuses,
      })),
      cluster: environment.kind,
      profile: environment.profile,
      seed: request.seed,
      standIns: environment.standIns(),
      notices,
    },
  });
  const problem = runs.at(-1)?.problem;
  const times = measureTimes(triedFacts(trial), reports, context);
  const { timeline, journals } = context;
  const seenEndpoints = environment.seenEndpoints();
  const streams = heldStreams(reports, context);
  return { verdict, timeline, journals, seenEndpoints, heldStreams: streams, reports, times, problem };
}

/** Adds a span that is over when what this gives is called. */
function beginSpan(spans: EdgeRestart[], from: number): (until: number) => void {
  const index = spans.push({ from }) - 1;
  return (until) => {
    spans[index] = { from, until };
  };
}

/** What the trial itself did, by which losses are explained. */
interface Deeds {
  readonly harms: Map<string, Harm>;
  readonly edgeRestarts: EdgeRestart[];
}

type Play = (scenario: Scenario, rounds: number | undefined) => Promise<ScenarioRun>;

/** Every scenario that was asked for and makes sense. */
async function playAll(trial: PreparedTrial, play: Play): Promise<ScenarioRun[]> {
  const { scenarios, rounds, onEvent } = trial.request;
  const runs: ScenarioRun[] = [];
  for (const scenario of scenarios.map((name) => allScenarios[name])) {
    const why = await whyUnfit(trial, scenario);
    if (why === undefined) runs.push(await play(scenario, rounds));
    else onEvent({ type: "notice", text: `${scenario.name} is left out: ${why}` });
    // What comes after a rollout that is stuck says nothing of its own.
    if (runs.at(-1)?.problem !== undefined) break;
  }
  return runs;
}

/** The first scenario; then, once each, those others that make sense and that there is time for. Whatever leaks is the answer. */
async function playWithin(trial: PreparedTrial, play: Play, withinMs: number): Promise<ScenarioRun[]> {
  const { scenarios, rounds, onEvent } = trial.request;
  const startedAt = performance.now();
  const [first, ...others] = scenarios.map((name) => allScenarios[name]);
  if (first === undefined) return [];
  const runs = [await play(first, rounds)];
  const isAnswered = () => runs.at(-1)?.result.verdict !== "held";
  if (isAnswered()) return runs;
  const whys = await Promise.all(others.map((scenario) => whyUnfit(trial, scenario)));
  const service = triedService(trial);
  const unasked = others.map((scenario, index) => whys[index] ?? scenario.unasked?.(service));
  for (const [index, { name }] of others.entries())
    if (whys[index] === undefined && unasked[index] !== undefined)
      onEvent({ type: "notice", text: `${name} is left out, unless it is asked for: ${unasked[index]}` });
  const { chosen, leftOut } = chooseScenarios(
    others.filter((_, index) => unasked[index] === undefined),
    paceOf(trial.recorder.read(), countReplicas(trial)),
    withinMs - (performance.now() - startedAt),
  );
  if (leftOut.length > 0) {
    const names = leftOut.map(({ name, ms }) => `${name} (about ${Math.round(ms / 1000)} s)`).join(", ");
    onEvent({ type: "notice", text: `left out for want of time: ${names}; --scenario all has them all` });
  }
  for (const { name } of chosen) {
    if (isAnswered()) break;
    runs.push(await play(allScenarios[name], 1));
  }
  return runs;
}

async function whyUnfit(trial: PreparedTrial, scenario: Scenario): Promise<string | undefined> {
  return await scenario.unfit(triedService(trial));
}

function triedService(trial: PreparedTrial): TriedService {
  return {
    client: trial.environment.client,
    manifests: trial.manifests,
    deployments: trial.rolled,
    next: trial.next,
    facts: triedFacts(trial),
    ...meansOf(trial),
  };
}

/** What scenarios may need beside the API. */
function meansOf({ environment, resolved, badApp }: PreparedTrial) {
  const paths = [...new Set(resolved.targets.map(({ path }) => path.replace(/\?.*$/, "")))];
  // A stand-in that answers badly does not speak gRPC.
  const isCalled = resolved.targets.some(({ protocol }) => protocol === "h2");
  const fitting = badApp?.standsIn === true && isCalled ? undefined : badApp;
  const { nodePower, restartEdge } = environment;
  return { paths, badApp: fitting, nodePower, restartEdge, edges: resolved.edges };
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
  const services = resolved.targets.flatMap(({ name, path, hostHeader, status = goodStatuses, protocol }) => {
    const service = resolved.services[name];
    // The load's own connections of HTTP/2 are kept all the time.
    return service === undefined || protocol === "h2" || resolved.edges.includes(name)
      ? []
      : [{ ...service, path, hostHeader, status }];
  });
  return await watchKeptConnections({ client, recorder, rolled, services, dialPod });
}

/** What one scenario gave. */
interface ScenarioRun {
  readonly result: ScenarioResult;
  /** What its loads saw. */
  readonly reports: readonly LoadReport[];
  /** Whether its pods were asked to end, so that each is a trial of how they end. */
  readonly asked: boolean;
  /** Why it did not come to its end, when it did not. */
  readonly problem: SeaworthyError | undefined;
}

async function runScenario(
  trial: PreparedTrial,
  scenario: Scenario,
  {
    see,
    deeds,
    rounds,
  }: {
    readonly see: () => AttributionContext;
    readonly deeds: Deeds;
    readonly rounds: number | undefined;
  },
): Promise<ScenarioRun> {
  const { request, environment, recorder } = trial;
  const { signal, onEvent } = request;
  const lost = { count: 0 };
  await using loads = await startScenarioLoads(trial, (load) =>
    load.onProgress(({ newFailures }) => tellFailures(newFailures)),
  );
  const startedAt = epochMs();
  onEvent({ type: "scenario-start", name: scenario.name, ratePerSecond: request.ratePerSecond });
  const notes: string[] = [];
  const scalings: Scaling[] = [];
  const tellFailures = failureTeller(trial, see, lost);
  loads.first.onProgress((progress) => {
    onEvent({ type: "progress", load: progress, timeline: see().timeline });
    tellFailures(progress.newFailures);
  });
  await sleep(settleMs, undefined, { signal });
  const stage: Stage = {
    client: environment.client,
    recorder,
    deployments: trial.rolled,
    namespace: environment.namespace,
    now: trial.manifests,
    next: trial.next,
    applied: trial.applied,
    sets: trial.sets,
    rounds,
    wanted: wantedProof(request),
    lost: () => lost.count,
    replicas: countReplicas(trial),
    untilRouted: (...args) => environment.untilRouted(...args),
    timeoutMs: request.timeoutMs,
    ...meansOf(trial),
    harm: (uid, harm) => deeds.harms.set(uid, harm),
    edgeRestarting: (from) => beginSpan(deeds.edgeRestarts, from),
    ratePerSecond: request.ratePerSecond,
    moreLoad: (ratePerSecond) => loads.more(ratePerSecond),
    strain: () => loads.strain(),
    scaled: (scaling) => scalings.push(scaling),
    note: (text) => notes.push(text),
    signal,
    onEvent,
  };
  const outcome = await act(scenario, stage, async () => {
    const ended = recorder.read().pods.filter(({ deletionSeenAt = 0 }) => deletionSeenAt >= startedAt);
    await aftermath(scenario.pods === "asked" ? ended : [], {
      sleep: (ms) => sleep(ms, undefined, { signal }),
      untilUnrouted: (ips, mostMs) => environment.untilUnrouted(ips, mostMs, signal),
    });
  });
  const reports = await loads.stop();
  const report = mergeLoads(reports);
  const problem = typeof outcome === "number" ? undefined : outcome;
  const context = see();
  const byEdge = edgeLosses(report, context);
  if (byEdge !== undefined) notes.push(byEdge);
  const lostAt = scalings.length === 0 ? [] : momentsOfLosses(report.failures, context);
  const autoscaling = scalings.map((each) => autoscalingResult(each, reports[0], lostAt));
  notes.push(...autoscaling.flatMap((each) => autoscalingText(each)));
  const result: ScenarioResult = {
    name: scenario.name,
    ...judgeScenario(report, context, problem),
    rounds: typeof outcome === "number" ? outcome : 0,
    startedAt: new Date(startedAt).toISOString(),
    endedAt: new Date(epochMs()).toISOString(),
    requests: { scheduled: report.scheduled, ok: report.ok, failed: report.failures.length },
    terminations: countTerminations(trial, startedAt),
    ...(autoscaling.length === 0 ? {} : { autoscaling }),
    ...(notes.length === 0 ? {} : { notes }),
    ...(problem === undefined ? {} : { problem: problem.message }),
  };
  const { pods } = context.timeline;
  const ended = pods.filter(({ deletionSeenAt = Infinity }) => deletionSeenAt >= startedAt);
  const own = { ...context, timeline: { ...context.timeline, pods: ended } };
  const denied = findPodEnds(own, (each) => fieldPlace(trial, each)).some(({ denies }) => denies);
  onEvent({ type: "scenario-end", result, p99Ms: report.latency.p99Ms, denied });
  return { result, reports, asked: scenario.pods === "asked", problem };
}

/** What the scenario did, and then its aftermath. */
async function act(
  scenario: Scenario,
  stage: Stage,
  rest: () => Promise<void>,
): Promise<number | SeaworthyError> {
  try {
    const rounds = await scenario.act(stage);
    await rest();
    return rounds;
  } catch (error) {
    // A rollout that is stuck, or a drain, is part of the answer; anything else ends the trial.
    if (error instanceof SeaworthyError && (error.fault === "answer" || error.fault === "proof"))
      return error;
    throw error;
  }
}

function attributionContext(
  { facts, resolved, recorder, environment }: PreparedTrial,
  { kept, crowd }: { readonly kept: KeptConnections; readonly crowd: Crowd | undefined },
  { harms, edgeRestarts }: Deeds,
): AttributionContext {
  const direct = resolved.targets.find(({ name }) => !resolved.edges.includes(name));
  return {
    timeline: recorder.read(),
    // A list of its own: what is read of pods and journals once is kept for as long as this list is.
    journals: [...environment.journals()],
    kept: kept.read(),
    crowded: crowd?.read() ?? [],
    harms,
    edgeRestarts,
    edgeIdleMs: environment.edgeIdleMs,
    facts,
    services: resolved.services,
    edges: resolved.edges,
    path: (direct ?? resolved.targets[0])?.path,
  };
}

/** The pods of the tried Deployments, by their manifests. */
function countReplicas(trial: PreparedTrial): number {
  return triedFacts(trial).reduce((sum, each) => sum + each.replicas, 0);
}

/** What the manifests say of the tried Deployments. */
function triedFacts({ facts, rolled }: PreparedTrial): DeploymentFacts[] {
  return facts.filter(({ name, namespace }) =>
    rolled.some((each) => each.name === name && each.namespace === namespace),
  );
}

function countTerminations({ recorder, rolled, next = [] }: PreparedTrial, since: number): number {
  const replacing = next
    .filter(({ object }) => object.kind === "Deployment")
    .map(({ object }) => object.metadata);
  return recorder
    .read()
    .pods.filter((pod) => [...rolled, ...replacing].some((each) => isOf(pod, each)))
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

/** Pods that are rolled one after the other for longer than this prove little more to someone who waits. */
const patienceMs = 40_000;

function wantedProof({ confidence, measuresTimes }: TrialRequest): WantedProof {
  const measured = measuresTimes === true ? fewestTerminations : 0;
  return confidence === undefined
    ? { terminations: strongTerminations, withinMs: patienceMs, measured }
    : { terminations: terminationsFor(confidence), withinMs: Infinity, measured };
}

/** When requests were due that were lost and count. */
function momentsOfLosses(failures: readonly Outcome[], context: AttributionContext): number[] {
  return failures
    .filter((outcome) => !isUnavoidable(attribute(outcome, context).cause))
    .map(({ intendedAt }) => intendedAt);
}

/** Tells of each new way in which requests get lost, and counts those that no kill of the trial explains. */
function failureTeller(
  trial: PreparedTrial,
  see: () => AttributionContext,
  lost: { count: number },
): (failures: readonly Outcome[]) => void {
  const { onEvent } = trial.request;
  const known = new Set<string>();
  return (failures) => {
    if (failures.length === 0) return;
    const context = see();
    for (const outcome of failures) {
      const { cause } = attribute(outcome, context);
      if (!isUnavoidable(cause)) lost.count += 1;
      const key = `${cause} ${outcome.class}`;
      if (known.has(key)) continue;
      known.add(key);
      onEvent({
        type: "loss",
        failure: explainFailure(outcome, context, (each) => fieldPlace(trial, each)),
      });
    }
  };
}
