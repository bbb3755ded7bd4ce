import { chooseTargets, resolveTargets, type ResolvedTargets } from "@seaworthy/targets";
import { type ManifestSet, findRoutes } from "@seaworthy/app";
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
  deleteApplied,
  ensureNamespaces,
  rolloutTargets,
  waitForRollout,
  type Applied,
  type RolloutTarget,
  checkReferences,
  makeMissingClasses,
  makeMissingDefinitions,
} from "@seaworthy/release";
import { deploymentFacts, type DeploymentFacts } from "./causes/deployment-facts.ts";
import { startEmbedded } from "./environments/embedded-environment.ts";
import { targetUrl, type ClusterChoice, type Environment } from "./environments/environment.ts";
import { useKubeconfig } from "./environments/kubeconfig-environment.ts";
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
  readonly ratePerSecond: number;
  /** What the service lives through, in this order. */
  readonly scenarios: readonly ScenarioName[];
  /** Absent: as many as end six pods, and 2 unless a round takes long. */
  readonly rounds?: number | undefined;
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
  readonly facts: readonly DeploymentFacts[];
  readonly manifests: readonly Manifest[];
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
  const manifests = request.manifests.map((manifest) => inNamespace(manifest, environment.namespace));
  const objects = manifests
    .map((manifest) => manifest.object)
    .filter(
      (object) => !isCustomKind(object.apiVersion, object.kind) || gatewayDefinitionOf(object) !== undefined,
    );
  environment.findGaps(objects).forEach(notice);
  const missing = await checkReferences({ ...request, manifests }, { ...environment, onNotice: notice });
  if (environment.kind === "embedded") {
    await makeMissingClasses(environment.client, missing);
    await makeMissingDefinitions(environment.client, objects, notice);
  }
  const applied = await apply(environment, manifests, notice);
  if (environment.kind === "kubeconfig" && !request.keep)
    resources.defer(() => deleteApplied(environment.client, applied));
  onEvent({
    type: "step",
    text: `applied ${applied.map(({ type, name }) => `${type.kind} ${name}`).join(", ")}`,
  });

  const all = rolloutTargets(manifests, environment.namespace);
  await Promise.all(all.map((target) => waitForRollout(environment.client, target, request)));
  const found = findRoutes(objects, request);
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
  const resolved = resolveTargets(chosen);
  onEvent({
    type: "step",
    text: `ready: ${resolved.targets.map((target) => `${target.name} ${targetUrl(target)}`).join(", ")}`,
  });

  environment.keepPace();
  const recorder = resources.use(await recordTimeline(environment.client, namespacesOf(objects)));
  const rolled = all.filter(
    ({ kind, namespace, name }) =>
      kind === "Deployment" && resolved.deployments.includes(`${namespace}/${name}`),
  );
  const facts = factsOf(objects);
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
    facts,
    manifests,
  };
}

function isRolled({ apiVersion, kind, metadata }: KubeObject, rolled: readonly RolloutTarget[]): boolean {
  if (apiVersion !== "apps/v1" || kind !== "Deployment") return false;
  return rolled.some(({ namespace, name }) => namespace === metadata.namespace && name === metadata.name);
}

async function openEnvironment(request: TrialRequest, notice: (text: string) => void): Promise<Environment> {
  if (request.cluster.kind === "embedded")
    return await startEmbedded(request.cluster, request.namespace, notice);
  return await useKubeconfig(request.cluster, request.namespace, notice);
}

/** Objects without a namespace go where the trial is told to go. */
function inNamespace(manifest: Manifest, namespace: string): Manifest {
  const { object } = manifest;
  if (!isNamespaced(object) || object.metadata.namespace !== undefined) return manifest;
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
