import type { Socket } from "node:net";
import {
  leftOutLines,
  leftOutNotices,
  type LeftOut,
  type LeftOutReason,
  type RequestPath,
} from "@seaworthy/app";
import type { KubeClient } from "@seaworthy/client";
import { SeaworthyError, type Notice } from "@seaworthy/errors";
import type { Manifest } from "@seaworthy/kube";
import { statusName } from "@seaworthy/load";
import type { Method } from "./ask/ask.ts";
import { answerText, questionText } from "./ask/answer.ts";
import { choosePath, steadyCodes, steadyRefusals, type Choice, type Responder } from "./choose-path.ts";
import { confirmWay, methodsTaken } from "./confirm-way.ts";
import { podResponders } from "./pod-responders.ts";
import { podsBehind, type PodBehind } from "./pods-behind.ts";
import type { Way } from "./way.ts";
import { wideSelector } from "./wide-selector.ts";

/** A way that the load will take, and what is asked on it. */
export interface ChosenTarget {
  readonly way: Way;
  /** Shown in reports: `ingress`, `service`, or more where there are several. */
  readonly name: string;
  readonly path: string;
  readonly methods: readonly Method[];
  /** The status that every answer has, where that is not 200-399. */
  readonly steady: number | undefined;
}

export interface ChooseTargetsOptions {
  readonly client: KubeClient;
  /** Connects to a pod; absent where pods cannot be reached from here. */
  readonly dialPod: ((ip: string, port: number, timeoutMs: number) => Promise<Socket>) | undefined;
  readonly standIns: () => readonly string[];
  readonly manifests: readonly Manifest[];
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly onNotice: (notice: Notice) => void;
}

/**
 * Asks along every way, and behind it every pod, before anything is rolled, and gives those that can be judged. The others
 * are left out with a notice. Rejects with SW1202 when none is left, and with SW1210 when a Service selects pods that do not serve.
 */
export async function chooseTargets(
  ways: readonly Way[],
  leftOutBefore: readonly LeftOut[],
  options: ChooseTargetsOptions,
): Promise<ChosenTarget[]> {
  // A Service that is wrong ends the questions along the other ways, too.
  const wrong = new AbortController();
  const signal = AbortSignal.any([options.signal, wrong.signal]);
  const asked = await Promise.all(ways.map((way) => askAlong(way, { ...options, signal }))).finally(() =>
    wrong.abort(),
  );
  const leftOut = [...leftOutBefore, ...asked.flatMap((each) => ("reason" in each ? [each] : []))];
  const good = asked.filter((each) => "way" in each);
  const chosen = [...Map.groupBy(good, ({ way }) => way.route.group).values()].map(
    (group) => group.find(({ steady }) => steady === undefined) ?? group[0]!,
  );
  if (chosen.length === 0) throw nothingAnswers(leftOut);
  const targets = named(chosen);
  for (const notice of [...leftOutNotices(leftOut), ...targetNotices(targets)]) options.onNotice(notice);
  return targets;
}

interface Found {
  readonly way: Way;
  readonly path: RequestPath;
  readonly methods: readonly Method[];
  /** What a POST was answered that is not tried. */
  readonly refusal: string | undefined;
  readonly steady: number | undefined;
}

async function askAlong(way: Way, options: ChooseTargetsOptions): Promise<Found | LeftOut> {
  const { route } = way;
  const { client, dialPod, timeoutMs, signal } = options;
  const undeclared = dialPod === undefined ? undeclaredOf(await podsBehind(client, route)) : [];
  const patienceMs = undeclared.length > 0 ? Math.min(timeoutMs, suspiciousMs) : timeoutMs;
  const isCall = route.isGrpc === true;
  const steadies = isCall ? steadyCodes : steadyRefusals;
  const choice = await choosePath(() => respondersTo(way, options), {
    paths: dialPod === undefined ? route.paths.map(({ path }) => ({ path, appPath: path })) : route.paths,
    hostHeader: route.hostHeader,
    isCall,
    timeoutMs: patienceMs,
    steadyStatuses: way.isOpaque ? steadies.filter((status) => !ofEdges.has(status)) : steadies,
    signal,
  });
  if (choice.kind === "strangers") throw await strangersError(way, choice, options);
  if (choice.kind === "left-out") {
    if (undeclared.length > 0) throw await undeclaredError(way, options);
    return { reason: reasonOf(choice, isCall), what: route.label, seen: choice.seen.join("; ") };
  }
  const { steady, responders } = choice;
  const steadyMs = dialPod === undefined ? steadyFromOutsideMs : steadyInsideMs;
  const asking = { hostHeader: route.hostHeader, isCall, steady, timeoutMs: patienceMs, steadyMs, signal };
  const open = async (ms: number) => (await way.dial(ms)).socket;
  const bad = await confirmWay(open, { ...asking, path: choice.path.path });
  if (bad !== undefined && undeclared.length > 0) throw await undeclaredError(way, options);
  const question = questionText({ method: "GET", path: choice.path.path, isCall });
  if (bad !== undefined)
    return { reason: "not-through", what: route.label, seen: `${question} ${answerText(bad)}` };
  if (isCall) return { way, path: choice.path, methods: ["POST"], refusal: undefined, steady };
  // Who says what users ask says with which methods, and did not ask for a POST of ours.
  if (route.requests !== undefined && route.requests.length > 0)
    return { way, path: choice.path, methods: ["GET"], refusal: undefined, steady };
  const behind = await methodsTaken(
    responders.map((each) => each.open),
    { ...asking, path: choice.path.appPath },
  );
  const through = await methodsTaken([open], { ...asking, path: choice.path.path });
  const { methods, refusal } = behind.refusal === undefined ? through : behind;
  return { way, path: choice.path, methods, refusal, steady };
}

/** What an edge that nobody can look behind says itself of a path that no route takes: by HTTP, and by gRPC. */
const ofEdges: ReadonlySet<number> = new Set([404, 12]);

/** Where gRPC is declared, all that is no call of it is of one kind. */
function reasonOf({ reason }: Extract<Choice, { kind: "left-out" }>, isCall: boolean): LeftOutReason {
  const isOther = reason === "not-http" || reason === "silent" || reason === "no-good-answer";
  return isCall && isOther ? "no-call" : reason;
}

/** The pods behind a way; where they cannot be reached, the way itself, often enough to meet each of them. */
async function respondersTo(way: Way, options: ChooseTargetsOptions): Promise<Responder[]> {
  const { client, dialPod } = options;
  const pods = await podsBehind(client, way.route);
  if (dialPod !== undefined) return podResponders(pods, options.standIns(), dialPod);
  const times = Math.min(20, Math.max(3, 2 * pods.length));
  return Array.from({ length: times }, () => ({
    name: way.route.label,
    workload: undefined,
    declares: true,
    isStandIn: false,
    open: async (timeoutMs) => (await way.dial(timeoutMs)).socket,
  }));
}

async function strangersError(
  { route }: Way,
  { strangers }: Extract<Choice, { kind: "strangers" }>,
  { client, manifests }: ChooseTargetsOptions,
): Promise<SeaworthyError> {
  const pods = await podsBehind(client, route);
  const stray = strangers.flatMap(({ responder, answer }) => {
    const pod = pods.find(({ name }) => name === responder.name);
    return pod === undefined ? [] : [{ pod, answer }];
  });
  return wideSelector(route, pods, stray, manifests);
}

/** An embedded cluster's edge learns of all endpoints at once before a trial; some good answers in a row show that it has. */
const steadyInsideMs = 200;
/**
 * Where pods cannot be asked one by one, the way must meet each of them; and kube-proxy may learn of the last one a second
 * after the EndpointSlices told of it.
 */
const steadyFromOutsideMs = 3_000;
/** How long bad answers are waited out where what the pods declare explains them. */
const suspiciousMs = 3_000;

/** Pods of workloads that do not say that they serve the port, when others of the Service do. */
function undeclaredOf(pods: readonly PodBehind[]): PodBehind[] {
  const workloads = [...Map.groupBy(pods, ({ workload }) => workload).values()];
  const stray = workloads.filter((group) => group.every(({ declares }) => !declares)).flat();
  return stray.length === pods.length ? [] : stray;
}

/** Where pods cannot be asked, what they declare is the next best. */
async function undeclaredError(
  { route }: Way,
  { client, manifests }: ChooseTargetsOptions,
): Promise<SeaworthyError> {
  const pods = await podsBehind(client, route);
  const stray = undeclaredOf(pods).map((pod) => ({ pod, answer: undefined }));
  return wideSelector(route, pods, stray, manifests);
}

/** One target of a kind keeps its plain name; several are told apart by what they lead to. */
function named(found: readonly Found[]): (ChosenTarget & Pick<Found, "refusal">)[] {
  const names = new Map<string, number>();
  return found.map(({ path, ...rest }) => {
    const { route } = rest.way;
    const alike = found.filter(({ way }) => way.isEdge === rest.way.isEdge);
    const kind = rest.way.isEdge ? "ingress" : "service";
    const long =
      kind === "ingress"
        ? `ingress ${route.hostHeader}${path.path}`
        : `service ${route.service}:${route.port}`;
    const name = alike.length === 1 ? kind : long;
    const times = (names.get(name) ?? 0) + 1;
    names.set(name, times);
    return { ...rest, path: path.path, name: times === 1 ? name : `${name} (${times})` };
  });
}

function targetNotices(targets: readonly (ChosenTarget & Pick<Found, "refusal">)[]): Notice[] {
  const steady = targets.filter((target) => target.steady !== undefined);
  const reading = targets.filter(({ refusal }) => refusal !== undefined);
  return [
    {
      text: "no path is answered with 200-399 but always alike, which is judged, too (--path names a better one)",
      names: steady.map(({ name, path, steady: status = 0, way }) => {
        const question = questionText({ method: "GET", path, isCall: way.route.isGrpc === true });
        return `${name} (${question} ${statusName(status)})`;
      }),
    },
    {
      text: "POST is not taken, so only GET is tried",
      names: reading.map(({ name, path, refusal }) => `${name} (POST ${path} ${refusal})`),
    },
  ].filter(({ names }) => names.length > 0);
}

function nothingAnswers(leftOut: readonly LeftOut[]): SeaworthyError {
  const has = (reason: LeftOut["reason"]) => leftOut.some((each) => each.reason === reason);
  const isCallsOnly = leftOut.length > 0 && leftOut.every(({ reason }) => reason === "no-call");
  return new SeaworthyError("SW1202", "nothing that can be asked answers well", {
    why: "a trial needs a path that is answered alike by every pod before anything is rolled",
    seen: leftOutLines(leftOut),
    next: [
      ...(has("refused")
        ? [
            "declare the port that the app opens as a containerPort, and let the Service's targetPort be that one",
          ]
        : []),
      ...(has("no-call")
        ? [
            "name a method that the app has: `trial: { requests: [{ grpc: shop.Carts/Get }] }` in seaworthy.yaml, and its program with --run, since stand-ins speak no gRPC",
          ]
        : []),
      ...(isCallsOnly
        ? []
        : [
            "name a path that answers 200: `trial: { path: /healthz }` in seaworthy.yaml, or --path /healthz",
          ]),
      "and, where the rule wants another host name: --host HOST",
    ],
  });
}
