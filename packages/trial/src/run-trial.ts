import { setTimeout as sleep } from "node:timers/promises";
import { formatNotice, SeaworthyError, type Notice } from "@seaworthy/errors";
import { findBuiltInKind, isCustomKind, type Deployment, type Manifest } from "@seaworthy/kube";
import {
  createPlan,
  epochMs,
  startLoad,
  steadyPace,
  type LoadPlan,
  type LoadReport,
  type LoadRun,
  type Outcome,
  type RequestTemplate,
} from "@seaworthy/load";
import {
  applyManifests,
  deleteApplied,
  ensureNamespaces,
  rolloutTargets,
  waitForRollout,
  type Applied,
  type RolloutTarget,
} from "@seaworthy/release";
import type { AttributionContext } from "./attribute.ts";
import { deploymentFacts, type DeploymentFacts } from "./deployment-facts.ts";
import { startEmbedded } from "./embedded-environment.ts";
import { targetUrl, type ClusterChoice, type Environment, type ResolvedTargets } from "./environment.ts";
import { useKubeconfig } from "./kubeconfig-environment.ts";
import type { ManifestSet } from "./manifests/leave-out.ts";
import { type Method, preflight } from "./preflight.ts";
import { recordTimeline, type TimelineRecorder } from "./record-timeline.ts";
import { checkReferences } from "./references/check-references.ts";
import { runRollouts } from "./run-rollouts.ts";
import { discoverTargets } from "./targets.ts";
import type { Timeline } from "./timeline.ts";
import type { TrialEvent, TrialListener } from "./trial-event.ts";
import { explainFailure, makeVerdict, type ScenarioResult, type Verdict } from "./verdict.ts";

/** Everything that a trial is told. */
export interface TrialRequest extends ManifestSet {
  readonly cluster: ClusterChoice;
  readonly namespace?: string | undefined;
  readonly host?: string | undefined;
  readonly path?: string | undefined;
  readonly ratePerSecond: number;
  /** Absent: 2, or fewer where a round takes long. */
  readonly rounds?: number | undefined;
  readonly seed: number;
  readonly timeoutMs: number;
  /** Local addresses that the load comes from. */
  readonly sourceAddresses: readonly string[];
  /** Leave what was created on a cluster that was there before. */
  readonly keep: boolean;
  readonly signal: AbortSignal;
  readonly onEvent: TrialListener;
}

/** What a trial gives: the verdict, and all that it was made from. */
export interface TrialRun {
  readonly verdict: Verdict;
  readonly timeline: Timeline;
  readonly report: LoadReport;
  /** Why the scenario did not come to its end, when it did not. */
  readonly problem: SeaworthyError | undefined;
}

const defaultRounds = 2;
/** With the default rounds, none begins that would probably end after this: a trial should take about a minute. */
const roundsBudgetMs = 80_000;
const settleMs = 1_500;
const quietMs = 2_000;
/** Node's keep-alive timeout, the shortest in common use. */
const keepAlivePeriodMs = 5_000;

/** Runs a trial: cluster, objects, load, rollouts, verdict. Whatever happens, what it started is ended. */
export async function runTrial(request: TrialRequest): Promise<TrialRun> {
  const notices: string[] = [];
  const onEvent = (event: TrialEvent) => {
    if (event.type === "notice") notices.push(formatNotice(event, { all: true }));
    request.onEvent(event);
  };
  const notice = (each: Notice | string) =>
    onEvent({ type: "notice", ...(typeof each === "string" ? { text: each } : each) });
  for (const each of request.notices) notice(each);

  await using resources = new AsyncDisposableStack();
  const environment = resources.use(await openEnvironment(request, notice));
  onEvent({ type: "step", text: environment.description });
  const manifests = request.manifests.map((manifest) => inNamespace(manifest, environment.namespace));
  const objects = manifests
    .map((manifest) => manifest.object)
    .filter(({ apiVersion, kind }) => !isCustomKind(apiVersion, kind));
  await checkReferences({ ...request, manifests }, { ...environment, onNotice: notice });
  const applied = await apply(environment, manifests, notice);
  if (environment.kind === "kubeconfig" && !request.keep)
    resources.defer(() => deleteApplied(environment.client, applied));
  onEvent({
    type: "step",
    text: `applied ${applied.map(({ type, name }) => `${type.kind} ${name}`).join(", ")}`,
  });

  const all = rolloutTargets(manifests, environment.namespace);
  await Promise.all(all.map((target) => waitForRollout(environment.client, target, request)));
  const found = discoverTargets(objects, request);
  const resolved = await environment.resolveTargets(found, request.host);
  const methods = await preflight(resolved.targets, {
    dial: resolved.dial,
    timeoutMs: Math.min(request.timeoutMs, 15_000),
    signal: request.signal,
    onNotice: notice,
  });
  onEvent({
    type: "step",
    text: `ready: ${resolved.targets.map((target) => `${target.name} ${targetUrl(target)}`).join(", ")}`,
  });

  environment.keepPace();
  const recorder = resources.use(await recordTimeline(environment.client, namespacesOf(objects)));
  const rolled = all.filter((target) => resolved.deployments.includes(`${target.namespace}/${target.name}`));
  const facts = factsOf(objects);
  const trial: Trial = {
    request: { ...request, onEvent },
    environment,
    recorder,
    rolled,
    resolved,
    facts,
    manifests,
  };
  const { report, scenario, problem } = await runUnderLoad(trial, methods);
  const timeline = recorder.read();
  const verdict = makeVerdict({
    report,
    context: attributionContext(trial, timeline),
    scenarios: [scenario],
    terminations: scenario.terminations,
    placeOf: (each) => fieldPlace(manifests, each),
    about: {
      targets: resolved.targets.map((target) => ({ name: target.name, url: targetUrl(target) })),
      cluster: environment.kind,
      profile: environment.profile,
      seed: request.seed,
      standIns: environment.standIns(),
      notices,
    },
  });
  return { verdict, timeline, report, problem };
}

interface Trial {
  readonly request: TrialRequest;
  readonly environment: Environment;
  readonly recorder: TimelineRecorder;
  readonly rolled: readonly RolloutTarget[];
  readonly resolved: ResolvedTargets;
  readonly facts: readonly DeploymentFacts[];
  readonly manifests: readonly Manifest[];
}

async function openEnvironment(request: TrialRequest, notice: (text: string) => void): Promise<Environment> {
  if (request.cluster.kind === "embedded")
    return await startEmbedded(request.cluster, request.namespace, notice);
  return await useKubeconfig(request.cluster, request.namespace);
}

/** Objects without a namespace go where the trial is told to go. */
function inNamespace(manifest: Manifest, namespace: string): Manifest {
  const { object } = manifest;
  const isNamespaced = findBuiltInKind(object.apiVersion, object.kind)?.namespaced === true;
  if (!isNamespaced || object.metadata.namespace !== undefined) return manifest;
  return { ...manifest, object: { ...object, metadata: { ...object.metadata, namespace } } };
}

async function apply(
  environment: Environment,
  manifests: readonly Manifest[],
  notice: (notice: Notice) => void,
): Promise<Applied[]> {
  const { client, namespace } = environment;
  const made = await ensureNamespaces(
    client,
    namespacesOf(manifests.map(({ object }) => object)),
    manifests.map(({ object }) => object),
  );
  const applied = await applyManifests(client, manifests, { namespace, onNotice: notice });
  return [...made, ...applied];
}

function namespacesOf(objects: readonly Manifest["object"][]): string[] {
  return [
    ...new Set(objects.map((object) => object.metadata.namespace).filter((name) => name !== undefined)),
  ];
}

function factsOf(objects: readonly Manifest["object"][]): DeploymentFacts[] {
  return objects
    .filter((object) => object.kind === "Deployment")
    .map((object) => deploymentFacts(object as Deployment));
}

function fieldPlace(manifests: readonly Manifest[], facts: DeploymentFacts) {
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

async function runUnderLoad(trial: Trial, methods: readonly Method[]) {
  const { request, environment, recorder, resolved } = trial;
  const { signal, onEvent } = request;
  const rounds = request.rounds ?? defaultRounds;
  const plan = loadPlan(trial, methods);
  await using load = await startLoad(plan, {
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

function attributionContext({ facts, resolved }: Trial, timeline: Timeline): AttributionContext {
  return { timeline, facts, services: resolved.services, edges: resolved.edges };
}

/** A stuck rollout is part of the answer; anything else ends the trial. */
function problemOf(error: unknown): SeaworthyError {
  if (error instanceof SeaworthyError && error.fault === "answer") return error;
  throw error;
}

function countTerminations({ recorder, rolled }: Trial, since: number): number {
  return recorder
    .read()
    .pods.filter((pod) =>
      rolled.some((each) => each.name === pod.deployment && each.namespace === pod.namespace),
    )
    .filter((pod) => pod.deletionSeenAt !== undefined && pod.deletionSeenAt >= since).length;
}

/** What the trial asks of the load generator. Longer than an edge's own connect timeout would hide a black hole, shorter would invent one. */
function loadPlan({ request, resolved, environment }: Trial, methods: readonly Method[]): LoadPlan {
  const { ratePerSecond, sourceAddresses, seed } = request;
  return createPlan({
    targets: resolved.targets,
    requests: methods.map((method) => requests[method]),
    clients: ["keep-alive", "new-connection"],
    pace: steadyPace(ratePerSecond, longestTrialMs),
    connectTimeoutMs: 3_000,
    responseTimeoutMs: 15_000,
    sourceAddresses: environment.kind === "kubeconfig" ? sourceAddresses : [],
    expect: { status: [[200, 399]], echoHeader: "x-seaworthy-echo" },
    recordHeaders: ["x-pod-name"],
    seed,
    maxLagP99Ms: 50,
    workers: 1,
  });
}

const longestTrialMs = 3_600_000;

/** Each carries a text of its own, so that an answer to another request can be told. */
const requests: Readonly<Record<Method, RequestTemplate>> = {
  GET: { method: "GET", headers: [["x-seaworthy-token", "{{token}}"]] },
  POST: {
    method: "POST",
    headers: [
      ["x-seaworthy-token", "{{token}}"],
      ["content-type", "application/json"],
    ],
    body: '{"token":"{{token}}","from":"seaworthy-load"}',
  },
};

function forwardProgress(load: LoadRun, trial: Trial): void {
  const { recorder, manifests } = trial;
  const { onEvent } = trial.request;
  const known = new Set<string>();
  load.onProgress((progress) => {
    const timeline = recorder.read();
    onEvent({ type: "progress", load: progress, timeline });
    const context = attributionContext(trial, timeline);
    for (const outcome of progress.newFailures) tellNew(outcome);
    function tellNew(outcome: Outcome): void {
      const failure = explainFailure(outcome, context, (each) => fieldPlace(manifests, each));
      const key = `${failure.cause} ${failure.class}`;
      if (known.has(key)) return;
      known.add(key);
      onEvent({ type: "loss", failure });
    }
  });
}
