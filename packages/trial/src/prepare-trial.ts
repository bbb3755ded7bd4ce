import {
  chooseTargets,
  confirmRequests,
  confirmStreams,
  resolveTargets,
  type ResolvedTargets,
} from "@seaworthy/targets";
import { type ManifestSet, findRoutes, probePathsOf, type MixRequest, type StreamWish } from "@seaworthy/app";
import type { StreamTemplate } from "@seaworthy/load";
import type { Notice } from "@seaworthy/errors";
import {
  gatewayDefinitionOf,
  isCustomKind,
  isNamespaced,
  type Deployment,
  type KubeObject,
  type Manifest,
  isIdle,
} from "@seaworthy/kube";
import {
  applyManifests,
  ensureNamespaces,
  rolloutTargets,
  waitForRollout,
  type Applied,
  type RolloutTarget,
  checkReferences,
  makeMissingClasses,
  makeMissingDefinitions,
} from "@seaworthy/release";
import { createAppliedSets, type AppliedSets } from "./applied-sets.ts";
import { deploymentFacts, type DeploymentFacts } from "./causes/deployment-facts.ts";
import { startEmbedded } from "./environments/embedded-environment.ts";
import {
  nodesMissedSooner,
  targetUrl,
  type BadApp,
  type ClusterChoice,
  type Environment,
} from "./environments/environment.ts";
import { useKubeconfig } from "./environments/kubeconfig-environment.ts";
import { isRolled } from "./is-rolled.ts";
import { recordTimeline, type TimelineRecorder } from "./timeline/record-timeline.ts";
import { roundForecast } from "./scenarios/round-forecast.ts";
import type { ScenarioName } from "./scenarios/scenario.ts";
import type { TrialListener } from "./trial-event.ts";

/** Everything that a trial is told. */
export interface TrialRequest extends ManifestSet {
  readonly cluster: ClusterChoice;
  readonly namespace?: string | undefined;
  readonly host?: string | undefined;
  readonly path?: string | undefined;
  /** What users ask. Absent: one path of each route. */
  readonly mix?: readonly MixRequest[] | undefined;
  /** What users hold open through each scenario. */
  readonly streams?: readonly StreamWish[] | undefined;
  /** The manifests of the next version, for the scenario `release`. */
  readonly next?: readonly Manifest[] | undefined;
  /** An image that is ready and answers users badly, for the scenario `bad-answers`. */
  readonly badImage?: string | undefined;
  readonly ratePerSecond: number;
  /** What the service lives through, in this order. */
  readonly scenarios: readonly ScenarioName[];
  /**
   * Present when nobody chose the scenarios: of those after the first only the ones run that make sense and would be over by then,
   * in milliseconds, and none after one that leaks.
   */
  readonly withinMs?: number | undefined;
  /** How often each change is made. Absent: as the wanted proof asks. */
  readonly rounds?: number | undefined;
  /**
   * By which share of pod ends the trial is to bound those that lose a request, however long it takes. Absent: by a tenth, if
   * that takes about a minute.
   */
  readonly confidence?: number | undefined;
  /** Present when fields are to be computed of the run: a loss is then no reason to stop before that takes. */
  readonly measuresTimes?: boolean | undefined;
  readonly seed: number;
  readonly timeoutMs: number;
  /** Local addresses that the load comes from. */
  readonly sourceAddresses: readonly string[];
  /** Leave what was created on a cluster that was there before. */
  readonly keep: boolean;
  /** Takes the cluster as soon as it is there. The caller that takes it has to end it, and may look at it after the trial. */
  readonly takeOver: (environment: Environment) => void;
  readonly signal: AbortSignal;
  readonly onEvent: TrialListener;
}

/** A trial that is ready for its load: the objects are applied, the targets answer, the timeline is written. */
export interface PreparedTrial {
  readonly request: TrialRequest;
  readonly environment: Environment;
  readonly recorder: TimelineRecorder;
  readonly rolled: readonly RolloutTarget[];
  readonly resolved: ResolvedTargets;
  readonly streams: readonly StreamTemplate[];
  readonly facts: readonly DeploymentFacts[];
  readonly manifests: readonly Manifest[];
  /** Those of the next version, where there are some. */
  readonly next: readonly Manifest[] | undefined;
  readonly badApp: BadApp | undefined;
  readonly applied: readonly Applied[];
  readonly sets: AppliedSets;
}

/**
 * Opens the cluster, applies the objects, waits until they run and finds out what to ask. `resources` end all but the
 * cluster, which the request takes over.
 */
export async function prepareTrial(
  request: TrialRequest,
  resources: AsyncDisposableStack,
): Promise<PreparedTrial> {
  const { onEvent } = request;
  const notice = (each: Notice | string) =>
    onEvent({ type: "notice", ...(typeof each === "string" ? { text: each } : each) });
  for (const each of request.notices) notice(each);

  const environment = await openEnvironment(request, notice);
  request.takeOver(environment);
  onEvent({ type: "step", text: environment.description });
  const placed = (set: readonly Manifest[]) =>
    set.map((manifest) => inNamespace(manifest, environment.namespace));
  const manifests = placed(request.manifests);
  const next = request.next === undefined ? undefined : placed(request.next);
  const objects = knownObjects(manifests);
  const all = [...objects, ...knownObjects(next ?? [])];
  environment.findGaps(all).forEach(notice);
  const sets = createAppliedSets(environment.client, async (set) => {
    const missing = await checkReferences(
      { ...request, manifests: set },
      { ...environment, onNotice: notice },
    );
    if (environment.kind === "embedded") {
      await makeMissingClasses(environment.client, missing);
      await makeMissingDefinitions(environment.client, knownObjects(set), notice);
    }
    return await applySet(environment, set, notice);
  });
  if (environment.kind === "kubeconfig" && !request.keep) resources.defer(() => sets.removeAll());
  const applied = await sets.apply(manifests);
  onEvent({
    type: "step",
    text: `applied ${applied.map(({ type, name }) => `${type.kind} ${name}`).join(", ")}`,
  });

  const targets = rolloutTargets(manifests, environment.namespace);
  await Promise.all(targets.map((target) => waitForRollout(environment.client, target, request)));
  const { host, path, mix } = request;
  const found = findRoutes(objects, { host, path, requests: mix });
  const ways = await environment.waysTo(found.routes, request.host);
  const chosen = await chooseTargets(ways, found.leftOut, {
    client: environment.client,
    dialPod: environment.dialPod,
    standIns: () => environment.standIns(),
    manifests,
    timeoutMs: Math.min(request.timeoutMs, 15_000),
    signal: request.signal,
    onNotice: notice,
  });
  const confirmed =
    mix === undefined
      ? undefined
      : await confirmRequests(chosen, mix, {
          signal: request.signal,
          onNotice: notice,
          probePaths: probePathsOf(objects),
        });
  const { streams: wishes = [] } = request;
  const asRequests = wishes.map(({ kind, path: of }) =>
    kind === "grpc" ? { method: "POST", path: of, grpc: true as const } : { method: "GET", path: of },
  );
  const streams = await confirmStreams(confirmed?.targets ?? chosen, wishes, {
    routes: findRoutes(objects, { host, path, requests: asRequests }).routes,
    signal: request.signal,
    onNotice: notice,
  });
  const resolved = resolveTargets(confirmed?.targets ?? chosen, confirmed?.requests);
  onEvent({
    type: "step",
    text: `ready: ${resolved.targets.map((target) => `${target.name} ${targetUrl(target)}`).join(", ")}`,
  });

  environment.keepPace();
  const recorder = resources.use(await recordTimeline(environment.client, namespacesOf(all)));
  const rolled = targets.filter(
    ({ kind, namespace, name }) =>
      kind === "Deployment" && resolved.deployments.includes(`${namespace}/${name}`),
  );
  // Where both sets have a Deployment, what loses requests is what runs now.
  const now = factsOf(objects);
  const isNew = ({ namespace, name }: DeploymentFacts) =>
    !now.some((each) => each.namespace === namespace && each.name === name);
  const facts = [...now, ...factsOf(knownObjects(next ?? [])).filter(isNew)];
  const forecast = !request.scenarios.includes("rollout")
    ? undefined
    : roundForecast(manifests.filter(({ object }) => isRolled(object, rolled)));
  if (forecast !== undefined) notice(forecast);
  return {
    request,
    environment,
    recorder,
    rolled,
    resolved,
    streams,
    facts,
    manifests,
    next,
    badApp:
      request.badImage === undefined ? environment.badApp : { image: request.badImage, standsIn: false },
    applied,
    sets,
  };
}

/** The objects of kinds that this trial knows something of. */
function knownObjects(manifests: readonly Manifest[]): KubeObject[] {
  return manifests
    .map((manifest) => manifest.object)
    .filter(
      (object) => !isCustomKind(object.apiVersion, object.kind) || gatewayDefinitionOf(object) !== undefined,
    );
}

async function openEnvironment(request: TrialRequest, notice: (text: string) => void): Promise<Environment> {
  const { cluster, namespace, scenarios } = request;
  if (cluster.kind === "kubeconfig") return await useKubeconfig(cluster, namespace, notice);
  const sooner = scenarios.includes("node-loss") ? { nodesMissedSooner } : {};
  return await startEmbedded({ ...cluster, options: { ...cluster.options, ...sooner } }, namespace, notice);
}

/** Objects without a namespace go where the trial is told to go. */
function inNamespace(manifest: Manifest, namespace: string): Manifest {
  const { object } = manifest;
  if (!isNamespaced(object) || object.metadata.namespace !== undefined) return manifest;
  return { ...manifest, object: { ...object, metadata: { ...object.metadata, namespace } } };
}

async function applySet(
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
  const applied = await applyManifests(client, manifests, {
    namespace,
    onNotice: notice,
    ...(environment.kind === "embedded" ? { isIdle } : {}),
  });
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
