import { setTimeout as sleep } from "node:timers/promises";
import type { LeftOutReason, RequestPath } from "@seaworthy/app";
import { answerText, isGood, questionText, type Answer } from "./ask/answer.ts";
import { ask, type Open } from "./ask/ask.ts";

/** Somebody who can be asked: a pod, or, where pods cannot be reached, the way to them. */
export interface Responder {
  readonly name: string;
  /** Whose pod it is; undefined when that cannot be known. */
  readonly workload: string | undefined;
  /** Whether it says that it serves the port. */
  readonly declares: boolean;
  /** A stand-in opens what is declared, and nothing else ever. */
  readonly isStandIn: boolean;
  readonly open: Open;
}

/** What was found out about a route. */
export type Choice =
  | {
      readonly kind: "taken";
      readonly path: RequestPath;
      /** The status that every answer has, where that is not 200-399. */
      readonly steady: number | undefined;
      readonly responders: readonly Responder[];
    }
  | { readonly kind: "left-out"; readonly reason: LeftOutReason; readonly seen: readonly string[] }
  /** The Service selects pods of workloads that do not serve its port, beside those that do. */
  | { readonly kind: "strangers"; readonly strangers: readonly Stranger[] };

/** A pod that does not answer where others do. */
export interface Stranger {
  readonly responder: Responder;
  readonly answer: Answer;
}

export interface ChooseOptions {
  readonly paths: readonly RequestPath[];
  readonly hostHeader: string;
  /** What is asked are calls of gRPC. */
  readonly isCall?: boolean;
  readonly timeoutMs: number;
  /** Statuses that may be judged when every answer has them. */
  readonly steadyStatuses: readonly number[];
  readonly signal: AbortSignal;
  /** The time that passes between questions. Default: the machine's. */
  readonly clock?: WaitingClock;
}

/** A clock that can be waited on. */
export interface WaitingClock {
  /** Milliseconds since any fixed moment. */
  now(): number;
  wait(ms: number, signal: AbortSignal): Promise<unknown>;
}

const systemClock: WaitingClock = {
  now: () => performance.now(),
  wait: (ms, signal) => sleep(ms, undefined, { signal }),
};

/** Refusals that can be judged when every answer is the same one. */
export const steadyRefusals: readonly number[] = [401, 403, 404, 405];

/** The same of gRPC: INVALID_ARGUMENT, NOT_FOUND, PERMISSION_DENIED, FAILED_PRECONDITION, UNIMPLEMENTED, UNAUTHENTICATED. */
export const steadyCodes: readonly number[] = [3, 5, 7, 9, 12, 16];

const pauseMs = 150;
/** Who refuses for so long and gives no reason to hope is not waited for any longer. */
const patienceMs = 2_000;
const timesAsked = 3;

/**
 * Asks everybody for the paths, best first, until one is answered well by all of them, each time. A path that is always
 * answered with the same refusal is second best: it can be judged, too. A pod that is still starting is waited for.
 */
export async function choosePath(
  respondersNow: () => Promise<readonly Responder[]>,
  options: ChooseOptions,
): Promise<Choice> {
  const { clock = systemClock, signal } = options;
  const startedAt = clock.now();
  let before: Round | undefined;
  for (let count = 1; ; count += 1) {
    signal.throwIfAborted();
    const responders = await respondersNow();
    const round = await askRound(responders, options);
    const tookMs = clock.now() - startedAt;
    // One round is no repetition, however long it took: a slow machine must not make a steady answer none.
    const progress = { count, tookMs, isLast: count > 1 && tookMs >= options.timeoutMs };
    const choice = (await takenOf(round, before, progress, options)) ?? givenUpOf(round, progress, options);
    if (choice !== undefined) return choice;
    before = round;
    await clock.wait(pauseMs, signal);
  }
}

/** The answers of everybody to each path, as far as paths were asked. */
interface Round {
  readonly responders: readonly Responder[];
  readonly paths: readonly RequestPath[];
  readonly answers: readonly (readonly Answer[])[];
}

async function askRound(responders: readonly Responder[], options: ChooseOptions): Promise<Round> {
  const answers: (readonly Answer[])[] = [];
  for (const { appPath } of options.paths) {
    const ofPath = await askAll(responders, appPath, options);
    answers.push(ofPath);
    // Who refuses one path refuses every other, and a good one need not be followed by another.
    if (areGood(ofPath) || ofPath.some(({ kind }) => kind !== "status")) break;
  }
  return { responders, paths: options.paths, answers };
}

function askAll(
  responders: readonly Responder[],
  path: string,
  { hostHeader, isCall = false }: ChooseOptions,
): Promise<Answer[]> {
  return Promise.all(responders.map(({ open }) => ask(open, { method: "GET", path, hostHeader, isCall })));
}

async function takenOf(
  { responders, answers }: Round,
  before: Round | undefined,
  { tookMs, isLast }: Progress,
  options: ChooseOptions,
): Promise<Choice | undefined> {
  const good = answers.findIndex((each) => areGood(each));
  // A path that is answered 503 now may be the good one, once the app has started.
  const isSettled = isLast || tookMs >= patienceMs || answers.flat().every((answer) => isFinal(answer));
  const isSteady = (each: readonly Answer[], index: number) =>
    options.steadyStatuses.includes(sameStatus(each) ?? 0) &&
    sameStatus(each) === sameStatus(before?.answers[index] ?? []);
  // Every path is asked before one that is refused is taken.
  const mayBeSteady = good < 0 && isSettled && answers.length === options.paths.length;
  const at = mayBeSteady ? answers.findIndex(isSteady) : good;
  const path = options.paths[at];
  if (path === undefined) return undefined;
  const steady = good >= 0 ? undefined : sameStatus(answers[at] ?? []);
  for (let times = 1; times < timesAsked; times += 1) {
    const again = await askAll(responders, path.appPath, options);
    if (steady === undefined ? !areGood(again) : sameStatus(again) !== steady) return undefined;
  }
  return { kind: "taken", path, steady, responders };
}

interface Progress {
  readonly count: number;
  readonly tookMs: number;
  readonly isLast: boolean;
}

/** What is said when waiting any longer would change nothing; undefined while it may. */
function givenUpOf(
  round: Round,
  { count, tookMs, isLast }: Progress,
  { isCall = false }: ChooseOptions,
): Choice | undefined {
  const { responders, answers } = round;
  const first = answers[0] ?? [];
  const leftOut = (reason: LeftOutReason): Choice => ({
    kind: "left-out",
    reason,
    seen: seenIn(round, isCall),
  });
  if (responders.length === 0) return isLast ? leftOut("no-pods") : undefined;
  if (first.every(({ kind }) => kind === "no-http")) {
    if (first.some((answer) => answer.kind === "no-http" && answer.waited)) return leftOut("silent");
    return count > 2 ? leftOut("not-http") : undefined;
  }
  const strangers = strangersIn(round);
  const waitsFor = strangers.length === 0 ? responders : strangers.map(({ responder }) => responder);
  const isHopeless = tookMs >= patienceMs && waitsFor.every((each) => isHopelessOne(each, responders));
  if (strangers.length > 0) return isLast || isHopeless ? { kind: "strangers", strangers } : undefined;
  if (first.every(({ kind }) => kind === "refused"))
    return isLast || isHopeless ? leftOut("refused") : undefined;
  return isLast || (count > 2 && answers.flat().every((answer) => isFinal(answer)))
    ? leftOut("no-good-answer")
    : undefined;
}

/** A pod may open a port that it does not declare, but hardly where others of the Service declare it. */
function isHopelessOne({ declares, isStandIn }: Responder, all: readonly Responder[]): boolean {
  return !declares && (isStandIn || all.some((each) => each.declares));
}

/** Those workloads none of whose pods answers over HTTP, when all pods of others do. */
function strangersIn({ responders, answers }: Round): Stranger[] {
  const all = responders.map((responder, index) => ({ responder, answer: answers[0]?.[index] as Answer }));
  const groups = [...Map.groupBy(all, ({ responder }) => responder.workload).values()];
  const answered = (group: readonly Stranger[]) =>
    group.filter(({ answer }) => answer.kind === "status").length;
  const silent = groups.filter((group) => answered(group) === 0);
  const isClear = groups.every((group) => answered(group) === 0 || answered(group) === group.length);
  return isClear && silent.length < groups.length ? silent.flat() : [];
}

/** A client's mistake stays one; a server may get over what it answers with 5xx, and over too many requests. */
function isFinal(answer: Answer): boolean {
  if (answer.kind !== "status") return false;
  const { status } = answer;
  return steadyCodes.includes(status) || (status >= 400 && status < 500 && status !== 429);
}

function areGood(answers: readonly Answer[]): boolean {
  return answers.length > 0 && answers.every((answer) => isGood(answer));
}

function sameStatus(answers: readonly Answer[]): number | undefined {
  const [first] = answers;
  const isSame =
    first?.kind === "status" &&
    answers.every((answer) => answer.kind === "status" && answer.status === first.status);
  return isSame ? first.status : undefined;
}

function seenIn({ responders, paths, answers }: Round, isCall: boolean): string[] {
  return answers.map((ofPath, index) => {
    const texts = [...Map.groupBy(ofPath, (answer) => answerText(answer))];
    const counted = texts.map(([text, same]) =>
      texts.length === 1 ? text : `${text} by ${same.length} of ${responders.length}`,
    );
    const question = questionText({ method: "GET", path: paths[index]?.appPath ?? "", isCall });
    return `${question} ${counted.join(", ")}`;
  });
}
