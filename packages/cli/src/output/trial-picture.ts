import type { PodLife, Timeline, TrialEvent } from "@seaworthy/trial";
import type { Paint } from "./paint.ts";
import { cutLine } from "./cut-line.ts";
import type { Marks } from "./marks.ts";
import { pushValue, sparkline } from "./sparkline.ts";

/** What the picture is drawn from. */
export interface TrialState {
  load: Extract<TrialEvent, { type: "progress" }>["load"] | undefined;
  timeline: Timeline | undefined;
  scenario: string | undefined;
  startedAtMs: number;
  round: number;
  rounds: number;
  lastLoss: string | undefined;
  /** Requests per progress message and their p99, newest last. */
  readonly rates: number[];
  readonly p99s: number[];
}

export interface PictureOptions {
  readonly columns: number;
  readonly rows: number;
  readonly paint: Paint;
  readonly marks: Marks;
  /** On the clock of `performance.now()`. */
  readonly nowMs: number;
}

export function newTrialState(): TrialState {
  return {
    load: undefined,
    timeline: undefined,
    scenario: undefined,
    startedAtMs: 0,
    round: 0,
    rounds: 0,
    lastLoss: undefined,
    rates: [],
    p99s: [],
  };
}

const historyLength = 24;

/** Takes an event into the state. */
export function updateTrialState(state: TrialState, event: TrialEvent, nowMs: number): void {
  switch (event.type) {
    case "scenario-start":
      state.scenario = event.name;
      state.startedAtMs = nowMs;
      state.round = 0;
      return;
    case "round-start":
      state.rounds = event.rounds;
      state.round = event.round;
      return;
    case "progress":
      pushValue(state.rates, event.load.scheduled - (state.load?.scheduled ?? 0), historyLength);
      pushValue(state.p99s, event.load.recentP99Ms ?? 0, historyLength);
      state.load = event.load;
      state.timeline = event.timeline;
      return;
    case "loss": {
      const { failure } = event;
      state.lastLoss = `${failure.at.slice(11, 23)} ${failure.method} ${failure.class}${failure.pod === null ? "" : `, ${failure.pod}`}`;
      return;
    }
    case "scenario-end":
      state.scenario = undefined;
      return;
    case "step":
    case "notice":
    case "round-end":
      return;
  }
}

const mostPodLines = 6;

/** The moving part: at most 14 lines, whatever the number of pods; three on a small terminal. */
export function drawTrial(state: TrialState, options: PictureOptions): string[] {
  if (state.scenario === undefined) return [];
  const { load } = state;
  const round = state.round === 0 ? "warming up" : `round ${state.round} of ${state.rounds}`;
  const head = `${options.marks.starting} ${state.scenario}   ${round}   ${((options.nowMs - state.startedAtMs) / 1000).toFixed(0)} s`;
  const counts =
    load === undefined
      ? "  load begins"
      : `  sent ${load.scheduled}  in flight ${load.inFlight}  ok ${load.ok}  lost ${load.failed}`;
  const loss = `  last loss  ${state.lastLoss ?? "none"}`;
  const small = options.rows < 16 || options.columns < 80;
  const lines = small
    ? [head, counts, loss]
    : [
        head,
        ...podLines(state.timeline, options),
        counts,
        `  req/s ${sparkline(state.rates)}   p99 ${sparkline(state.p99s)}`,
        loss,
      ];
  return lines.map((line) => cutLine(line, options.columns - 1));
}

function podLines(timeline: Timeline | undefined, options: PictureOptions): string[] {
  const pods = (timeline?.pods ?? [])
    .filter((pod) => pod.goneAt === undefined)
    .toSorted((left, right) => right.seenAt - left.seenAt);
  const shown = pods.slice(0, mostPodLines).map((pod) => podLine(pod, options));
  return pods.length > mostPodLines ? [...shown, `  (+${pods.length - mostPodLines} pods)`] : shown;
}

function podLine(pod: PodLife, { paint, marks, nowMs }: PictureOptions): string {
  const since = (at: number) => `${((performance.timeOrigin + nowMs - at) / 1000).toFixed(0)} s`;
  const name = `${pod.name}  ${pod.node ?? "no node"}`;
  if (pod.deletionSeenAt !== undefined)
    return `  ${paint("yellow", marks.ending)} ${name}  ending ${since(pod.deletionSeenAt)} of ${pod.graceSeconds ?? 30} s grace`;
  const last = pod.ready.at(-1);
  if (last?.ready === true) return `  ${paint("green", marks.good)} ${name}  ready ${since(last.at)}`;
  return `  ${marks.starting} ${name}  starting ${since(pod.seenAt)}`;
}
