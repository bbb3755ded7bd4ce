import { isProbeRequest, requestTemplate, type MixRequest } from "@seaworthy/app";
import { SeaworthyError, type Notice } from "@seaworthy/errors";
import type { RequestTemplate } from "@seaworthy/load";
import { answerText, questionText, type Answer } from "./ask/answer.ts";
import { ask } from "./ask/ask.ts";
import type { ChosenTarget } from "./choose-targets.ts";
import { goodStatuses } from "./resolve-targets.ts";

/** The requests of a mix that are answered well, and the targets that get some of them. */
export interface ConfirmedRequests {
  readonly targets: readonly ChosenTarget[];
  readonly requests: readonly RequestTemplate[];
}

export interface ConfirmOptions {
  readonly signal: AbortSignal;
  readonly onNotice: (notice: Notice) => void;
  /** Paths of the apps that probes ask for. */
  readonly probePaths: ReadonlySet<string>;
}

/**
 * Asks every request of a mix at every target that it is for, before anything is rolled: what is answered badly even now
 * would count as lost. A target that answers one badly does not get it. Rejects with SW1211 when one that somebody wished is
 * answered well nowhere, or none of those that were found is.
 */
export async function confirmRequests(
  chosen: readonly ChosenTarget[],
  mix: readonly MixRequest[],
  { signal, onNotice, probePaths }: ConfirmOptions,
): Promise<ConfirmedRequests> {
  const trials = (
    await Promise.all(chosen.map((target) => tryAt(target, mix, { signal, probePaths })))
  ).flat();
  const good = trials.filter(({ bad }) => bad === undefined);
  const bad = trials.filter((trial) => trial.bad !== undefined);
  const isLost = (index: number) => !good.some((each) => each.index === index);
  const lost = mix.findIndex(({ isFound }, index) => isLost(index) && isFound !== true);
  if (lost >= 0) throw badlyAnswered(lost, bad, mix);
  if (good.length === 0) throw allBadlyAnswered(bad, mix);
  const targets = chosen.filter((target) => good.some((each) => each.target === target));
  const idle = chosen.filter((target) => !targets.includes(target));
  for (const notice of noticesOf(bad, idle, mix, isLost)) onNotice(notice);
  return { targets, requests: templatesOf(good, mix) };
}

/** What one request was answered at one target. */
interface Tried {
  readonly index: number;
  readonly path: string;
  readonly target: ChosenTarget;
  /** The last answer, when none was good. */
  readonly bad: string | undefined;
}

/** An edge that has just learnt of its pods may fail once. */
const timesAsked = 3;
/** What would be asked later than this counts as not answered: hundreds of requests that are never answered take hours. */
const mostMs = 60_000;

async function tryAt(
  target: ChosenTarget,
  mix: readonly MixRequest[],
  { signal, probePaths }: Pick<ConfirmOptions, "signal" | "probePaths">,
): Promise<Tried[]> {
  const deadline = performance.now() + mostMs;
  const tried: Tried[] = [];
  for (const { index, path, appPath } of target.way.route.requests ?? []) {
    signal.throwIfAborted();
    const request = mix[index]!;
    // An edge may have rewritten the path of a probe, which an app may rightly refuse while it drains.
    const isProbe = request.isFound === true && isProbeRequest({ path: appPath }, probePaths);
    const isLate = performance.now() >= deadline;
    const idle = isProbe ? "a probe's path" : isLate ? "not asked for want of time" : undefined;
    const bad = idle ?? (await badAnswer(target, request, path));
    tried.push({ index, path, target, bad });
  }
  return tried;
}

async function badAnswer(
  { way }: ChosenTarget,
  { method, headers = [], body, status, grpc }: MixRequest,
  path: string,
): Promise<string | undefined> {
  const isCall = grpc === true;
  const good = status ?? (isCall ? okCode : goodStatuses);
  const open = async (timeoutMs: number) => (await way.dial(timeoutMs)).socket;
  const { hostHeader } = way.route;
  let answer: Answer | undefined;
  for (let times = 0; times < timesAsked; times += 1) {
    answer = await ask(open, {
      method,
      path: filled(path),
      hostHeader,
      headers: headers.map(([name, value]) => [name, filled(value)] as const),
      ...(body === undefined ? {} : { body: typeof body === "string" ? filled(body) : body }),
      isWhole: true,
      isCall,
    });
    const code = answer.kind === "status" ? answer.status : -1;
    if (good.some(([from, to]) => code >= from && code <= to)) return undefined;
  }
  return answer === undefined ? "not asked" : answerText(answer);
}

const okCode: NonNullable<MixRequest["status"]> = [[0, 0]];

/** What the load fills in has to stand here, too. */
function filled(text: string): string {
  return text
    .replaceAll("{{index}}", "0")
    .replaceAll("{{token}}", "seaworthy-0")
    .replaceAll("{{uuid}}", "00000000-0000-4000-8000-000000000000");
}

/** One template for each path that a request has, with the targets that want it so. */
function templatesOf(good: readonly Tried[], mix: readonly MixRequest[]): RequestTemplate[] {
  const alike = Map.groupBy(good, ({ index, path }) => `${index} ${path}`);
  return [...alike.values()].map((group) => {
    const { index, path } = group[0]!;
    return {
      ...requestTemplate(mix[index]!),
      path,
      targets: group.map(({ target }) => target.name),
    };
  });
}

function noticesOf(
  bad: readonly Tried[],
  idle: readonly ChosenTarget[],
  mix: readonly MixRequest[],
  isLost: (index: number) => boolean,
): Notice[] {
  const partly = bad.filter(({ index }) => !isLost(index));
  const left = [...mix.keys()].filter((index) => isLost(index));
  return [
    {
      text: "some requests are asked only where they are answered well",
      names: partly.map(
        ({ index, target, bad: seen }) => `${nameOf(index, mix)} (not by ${target.name}: ${seen})`,
      ),
    },
    {
      text: "some of the requests that were found are not asked, because nobody here answers them well",
      names: left.map((index) => `${nameOf(index, mix)} (${seenOf(index, bad)})`),
    },
    {
      text: "none of the requests that users ask is for these targets, so they are not tried",
      names: idle.map(({ name }) => name),
    },
  ].filter(({ names }) => names.length > 0);
}

/** What somebody once asked for in a query is nothing for notices and reports. */
function nameOf(index: number, mix: readonly MixRequest[]): string {
  const { method, path, grpc, isFound } = mix[index]!;
  const shown = isFound === true ? path.replace(/\?.*$/s, "?…") : path;
  return questionText({ method, path: shown, isCall: grpc === true });
}

function seenOf(index: number, bad: readonly Tried[]): string {
  const own = bad.filter((each) => each.index === index);
  return own.length === 0
    ? "no route leads there"
    : [...new Set(own.map(({ target, bad: seen }) => `${target.name}: ${seen}`))].join(", ");
}

function allBadlyAnswered(bad: readonly Tried[], mix: readonly MixRequest[]): SeaworthyError {
  return new SeaworthyError("SW1211", `none of the ${mix.length} requests that were found is answered well`, {
    why,
    seen: mix.slice(0, mostSeen).map((_, index) => `${nameOf(index, mix)}: ${seenOf(index, bad)}`),
    next: ["write what users ask into trial.requests of seaworthy.yaml, with the headers that it needs"],
  });
}

const mostSeen = 5;
const why =
  "what is answered badly before anything is rolled would count as lost in a rollout that loses nothing";

function badlyAnswered(index: number, bad: readonly Tried[], mix: readonly MixRequest[]): SeaworthyError {
  const request = mix[index]!;
  return new SeaworthyError("SW1211", `${nameOf(index, mix)} is not answered well: ${seenOf(index, bad)}`, {
    place: request.place,
    field: `trial.requests[${index}]`,
    why,
    next:
      request.grpc === true
        ? [
            "mend the method, the headers or the message, or say which code is good for it: `expect: NOT_FOUND`",
            "where no route leads there: say that the Service's port speaks gRPC, `appProtocol: kubernetes.io/h2c`",
          ]
        : ["mend the path, the headers or the body", "or say which status is good for it: `expect: 404`"],
  });
}
