import type { MixRequest } from "@seaworthy/app";
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

/**
 * Asks every request of a mix at every target that it is for, before anything is rolled: what is answered badly even now
 * would count as lost. Rejects with SW1211 when one is answered well nowhere; a target that answers one badly does not get it.
 */
export async function confirmRequests(
  chosen: readonly ChosenTarget[],
  mix: readonly MixRequest[],
  { signal, onNotice }: { readonly signal: AbortSignal; readonly onNotice: (notice: Notice) => void },
): Promise<ConfirmedRequests> {
  const trials = (await Promise.all(chosen.map((target) => tryAt(target, mix, signal)))).flat();
  const good = trials.filter(({ bad }) => bad === undefined);
  const bad = trials.filter((trial) => trial.bad !== undefined);
  const lost = mix.findIndex((_, index) => !good.some((each) => each.index === index));
  if (lost >= 0) throw badlyAnswered(lost, bad, mix);
  const targets = chosen.filter((target) => good.some((each) => each.target === target));
  const idle = chosen.filter((target) => !targets.includes(target));
  for (const notice of noticesOf(bad, idle, mix)) onNotice(notice);
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
  signal: AbortSignal,
): Promise<Tried[]> {
  const deadline = performance.now() + mostMs;
  const tried: Tried[] = [];
  for (const { index, path } of target.way.route.requests ?? []) {
    signal.throwIfAborted();
    const isLate = performance.now() >= deadline;
    const bad = isLate ? "not asked for want of time" : await badAnswer(target, mix[index]!, path);
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
    const { method, headers, body, weight, status, grpc } = mix[index]!;
    return {
      ...(grpc === undefined ? {} : { grpc }),
      method,
      path,
      ...(headers === undefined ? {} : { headers }),
      ...(body === undefined ? {} : { body }),
      weight,
      targets: group.map(({ target }) => target.name),
      ...(status === undefined ? {} : { status }),
    };
  });
}

function noticesOf(
  bad: readonly Tried[],
  idle: readonly ChosenTarget[],
  mix: readonly MixRequest[],
): Notice[] {
  const text = (index: number) => textOf(mix[index]!);
  return [
    {
      text: "some requests are asked only where they are answered well",
      names: bad.map(({ index, target, bad: seen }) => `${text(index)} (not by ${target.name}: ${seen})`),
    },
    {
      text: "none of the requests of the settings is for these targets, so they are not tried",
      names: idle.map(({ name }) => name),
    },
  ].filter(({ names }) => names.length > 0);
}

function seenOf(index: number, bad: readonly Tried[]): string {
  const own = bad.filter((each) => each.index === index);
  return own.length === 0
    ? "no route leads there"
    : [...new Set(own.map(({ target, bad: seen }) => `${target.name}: ${seen}`))].join(", ");
}

function badlyAnswered(index: number, bad: readonly Tried[], mix: readonly MixRequest[]): SeaworthyError {
  const request = mix[index]!;
  return new SeaworthyError("SW1211", `${textOf(request)} is not answered well: ${seenOf(index, bad)}`, {
    place: request.place,
    field: `trial.requests[${index}]`,
    why: "what is answered badly before anything is rolled would count as lost in a rollout that loses nothing",
    next:
      request.grpc === true
        ? [
            "mend the method, the headers or the message, or say which code is good for it: `expect: NOT_FOUND`",
            "where no route leads there: say that the Service's port speaks gRPC, `appProtocol: kubernetes.io/h2c`",
          ]
        : ["mend the path, the headers or the body", "or say which status is good for it: `expect: 404`"],
  });
}

function textOf({ method, path, grpc }: MixRequest): string {
  return questionText({ method, path, isCall: grpc === true });
}
