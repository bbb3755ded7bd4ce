import { setTimeout as sleep } from "node:timers/promises";
import { SeaworthyError } from "@seaworthy/errors";
import { findKnee, startLoad, steadyPace, type Knee, type Objective, type RateWindow } from "@seaworthy/load";
import { resourceTypes } from "@seaworthy/kube";
import { waitForRollout, type RolloutTarget } from "@seaworthy/release";
import { deploymentFacts, type DeploymentFacts } from "../causes/deployment-facts.ts";
import { firstReadyAt } from "../causes/pod-moments.ts";
import { prepareTrial, type PreparedTrial, type TrialRequest } from "../prepare-trial.ts";
import { loadOptions } from "../load/load-options.ts";
import { loadPlan } from "../load/load-plan.ts";
import { isOf } from "../scenarios/serving-pods.ts";
import { chooseService, withOnePod, type SizedService } from "./choose-service.ts";
import { measureUsage } from "./measure-usage.ts";
import { rateWindow } from "./rate-window.ts";
import { recommend, usedOfKnee } from "./recommend.ts";
import { sizeSchema, type SizeResult, type SizeWindow } from "./size-result.ts";
import { unknownThings } from "./unknown-things.ts";

/** Everything that sizing is told. */
export interface SizeRequest extends Omit<
  TrialRequest,
  "next" | "ratePerSecond" | "scenarios" | "rounds" | "sourceAddresses" | "keep"
> {
  /** Which Deployment; needed where routes lead to several. */
  readonly deployment: string | undefined;
  readonly objective: Objective;
  /** What all pods together are to serve; undefined: what as many pods serve as the manifest has. */
  readonly rate: number | undefined;
  readonly growthPerMinute: number;
  /** How long each rate is offered. */
  readonly holdMs: number;
  readonly mostRate: number;
  /** What this machine has, for the service and for what asks it. */
  readonly machine: { readonly cores: number; readonly model: string };
}

const firstRate = 50;
/** The search ends when the gap is this small: a knee that is 3 % off is one that was found. */
const within = 0.03;
const warmUpMs = 2_000;
/** As long is a rate offered before it is measured. It is whole seconds, as they are counted. */
const settleMs = 1_000;
const leastLagMs = 5;
/** Several pods are tried where each has a core of its own, and one is left for who asks them. */
const severalPods = [2, 4];

/** Finds out what one pod serves, and what several do, and computes from it what the service needs. */
export async function sizeService(request: SizeRequest): Promise<SizeResult> {
  const service = chooseService(request.manifests, request.deployment, request);
  await using resources = new AsyncDisposableStack();
  const trial = await prepareTrial(trialOf(request, service), resources);
  const sized = { ...sizedIn(trial, service), objective: request.objective };
  const windows: SizeWindow[] = [];
  const measure = (pods: number) => async (rate: number) =>
    await measureRate(sized, { rate, pods, windows, holdMs: request.holdMs });
  const search = { within, objective: request.objective };
  await measureRate(sized, { rate: firstRate, pods: 1, windows: [], holdMs: warmUpMs });
  const knee = await findKnee({ ...search, from: firstRate, most: request.mostRate, measure: measure(1) });
  const atKnee = noteTried(windows, knee, request).findLast(
    ({ served, ratePerSecond }) => served && ratePerSecond === knee.rate,
  );
  if (atKnee === undefined) throw servesNothing(sized, knee);
  const startedMs = await scaleTo(sized, 2);
  const several: SizeResult["several"][number][] = [];
  const coresOfPods = trial.environment.podProcessors ?? request.machine.cores - 1;
  for (const pods of severalPods.filter((count) => count <= coresOfPods)) {
    if (pods !== 2) await scaleTo(sized, pods);
    const first = windows.length;
    const found = await findKnee({
      ...search,
      from: knee.rate * pods * 0.5,
      most: knee.rate * pods * 1.1,
      measure: measure(pods),
    });
    noteTried(windows, found, request, first);
    several.push({ pods, ratePerSecond: found.rate, share: found.rate / (pods * knee.rate) });
  }
  return resultOf(request, sized, { knee, atKnee, windows, several, startedMs });
}

/** The trial that sizing is done in. */
interface Sized {
  readonly trial: PreparedTrial;
  readonly facts: DeploymentFacts;
  readonly target: RolloutTarget;
  /** The targets that lead to it: past the edge, which runs on the same machine, where there is such a way. */
  readonly targets: PreparedTrial["resolved"]["targets"];
  readonly service: SizedService;
  readonly objective: Objective;
}

function trialOf(request: SizeRequest, service: SizedService): TrialRequest {
  const manifests = withOnePod(request.manifests, service);
  return {
    ...request,
    manifests,
    ratePerSecond: firstRate,
    scenarios: [],
    sourceAddresses: [],
    keep: false,
  };
}

function sizedIn(trial: PreparedTrial, service: SizedService): Omit<Sized, "objective"> {
  const { environment, resolved, rolled } = trial;
  const namespace = service.deployment.metadata.namespace ?? environment.namespace;
  const { name } = service.deployment.metadata;
  const facts = { ...deploymentFacts(service.deployment), namespace };
  const target = rolled.find((each) => each.name === name && each.namespace === namespace);
  const behind = resolved.targets.filter(({ name: each }) =>
    service.routes.some((route) => route.service === resolved.services[each]?.name),
  );
  const direct = behind.filter(({ name: each }) => !resolved.edges.includes(each));
  if (target === undefined || behind.length === 0)
    throw new SeaworthyError("SW6007", `Deployment ${name} cannot be sized`, {
      why: "nothing that answers well leads to it",
      next: [
        "seaworthy trial shows what was asked, and why the rest was left out",
        "--path names a path that answers",
      ],
    });
  const { image } = service.deployment.spec.template.spec.containers[facts.container]!;
  if (image !== undefined && environment.standIns().includes(image))
    throw new SeaworthyError("SW6007", `Deployment ${name} cannot be sized`, {
      why: `a stand-in runs for the image ${image}, and what that serves says nothing of the app`,
      next: [`say how the app is started here: --run ${image}="node dist/server.js"`],
    });
  return { trial, facts, target, service, targets: direct.length === 0 ? behind : direct };
}

interface RateToMeasure {
  readonly rate: number;
  readonly pods: number;
  readonly holdMs: number;
  /** Takes what was used. */
  readonly windows: SizeWindow[];
}

async function measureRate(
  sized: Sized,
  { rate, pods, holdMs, windows }: RateToMeasure,
): Promise<RateWindow> {
  const { trial, targets } = sized;
  const { signal } = trial.request;
  const { objective } = sized;
  // Lateness of the generator counts as latency, so that it must be little beside what is asked for.
  const maxLagP99Ms = Math.max(leastLagMs, objective.p99Ms / 4);
  const plan = { ...loadPlan(trial), settleMs, maxLagP99Ms, maxAnswers: 0 };
  await using load = await startLoad(
    { ...plan, targets, clients: ["keep-alive"], pace: steadyPace(rate, settleMs + holdMs) },
    loadOptions(trial),
  );
  await sleep(settleMs, undefined, { signal });
  using used = measureUsage(
    () => ownUsage(sized),
    () => performance.now(),
  );
  await sleep(holdMs, undefined, { signal });
  const resources = used.read();
  const window = rateWindow(await load.report, { settleMs, holdMs });
  windows.push({ ratePerSecond: rate, pods, served: false, why: null, p99Ms: window.p99Ms, ...resources });
  return window;
}

function ownUsage({ trial, facts }: Sized) {
  const names = new Set(
    trial.recorder
      .read()
      .pods.filter((pod) => isOf(pod, facts))
      .map(({ name }) => name),
  );
  return trial.environment
    .usage()
    .filter(
      ({ namespace, pod, container }) =>
        namespace === facts.namespace && container === facts.containerName && names.has(pod),
    );
}

/** Writes down what the search made of its windows, and tells of each rate. */
function noteTried(windows: SizeWindow[], { tried }: Knee, { onEvent }: SizeRequest, from = 0): SizeWindow[] {
  for (const [index, { overload }] of tried.entries()) {
    const window = windows[from + index]!;
    windows[from + index] = { ...window, served: overload === undefined, why: overload ?? null };
  }
  const served = Math.max(0, ...windows.slice(from).map((each) => (each.served ? each.ratePerSecond : 0)));
  const pods = windows[from]?.pods ?? 1;
  onEvent({
    type: "step",
    text: `${pods} ${pods === 1 ? "pod serves" : "pods serve"} ${served.toFixed(0)} requests/s, found in ${tried.length} windows`,
  });
  return windows;
}

function servesNothing({ facts }: Sized, { tried }: Knee): SeaworthyError {
  const last = tried.at(-1);
  return new SeaworthyError(
    "SW6007",
    `Deployment ${facts.name} cannot be sized: no rate kept the objective`,
    {
      seen: [`at ${last?.rate.toFixed(1)} requests/s: ${last?.overload}`],
      next: ["allow a longer --p99", "run it again when the machine is idle"],
    },
  );
}

/** Gives how long the pods that come took from their creation to their readiness. */
async function scaleTo({ trial, target, facts }: Sized, replicas: number): Promise<number> {
  const { client } = trial.environment;
  const { signal, timeoutMs } = trial.request;
  const own = () => trial.recorder.read().pods.filter((pod) => isOf(pod, facts));
  const before = new Set(own().map(({ uid }) => uid));
  const patch = { spec: { replicas } };
  await client.patch(resourceTypes.deployments, target.namespace, target.name, "merge", patch);
  await waitForRollout(client, target, { timeoutMs, signal });
  const isThere = () => own().filter((pod) => firstReadyAt(pod) !== undefined).length >= replicas;
  await trial.recorder.until(isThere, timeoutMs, signal);
  const times = own()
    .filter(({ uid }) => !before.has(uid))
    .map((pod) => (firstReadyAt(pod) ?? pod.seenAt) - pod.seenAt);
  return Math.max(0, ...times);
}

function resultOf(
  request: SizeRequest,
  { trial, facts, service }: Sized,
  seen: {
    readonly knee: Knee;
    readonly atKnee: SizeWindow;
    readonly windows: readonly SizeWindow[];
    readonly several: SizeResult["several"];
    readonly startedMs: number;
  },
): SizeResult {
  const { knee, atKnee, windows, several, startedMs } = seen;
  const journals = trial.environment.journals();
  const isNode = journals.some(
    ({ container, listeners }) =>
      container === facts.containerName &&
      listeners.some(({ command }) => /^(?:\S*\/)?node(?:\s|$)/.test(command)),
  );
  const peakBytes = Math.max(...windows.filter(({ served }) => served).map((each) => each.peakBytes));
  const linearity = Math.min(1, ...several.map(({ share }) => share));
  const measured = { kneeRate: knee.rate, kneeCores: atKnee.cores, peakBytes, startedMs, linearity, isNode };
  const replicas = Math.max(2, service.deployment.spec.replicas ?? 1);
  const rate = request.rate ?? (replicas - 1) * knee.rate * usedOfKnee * linearity;
  const { growthPerMinute, objective, seed, machine } = request;
  return {
    schema: sizeSchema,
    deployment: { namespace: facts.namespace, name: facts.name, container: facts.containerName },
    objective,
    wish: { ratePerSecond: rate, growthPerMinute },
    knee: {
      ratePerSecond: knee.rate,
      limit: knee.limit,
      p99Ms: atKnee.p99Ms,
      cores: atKnee.cores,
      peakBytes,
      throttledShare: atKnee.throttledShare,
    },
    several,
    startedMs,
    windows,
    recommendation: recommend(measured, { rate: rate * (1 - 1e-9), growthPerMinute }),
    unknown: unknownThings({
      knee,
      windows,
      several,
      machine,
      standIns: trial.environment.standIns(),
      podProcessors: trial.environment.podProcessors,
      rate: request.rate,
    }),
    seed,
  };
}
