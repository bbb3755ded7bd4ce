import { countText, durationText, msText, rateText, type LoadPlan, type LoadProgress } from "@seaworthy/load";
import type { Paint } from "../output/paint.ts";
import { cutLine } from "../output/cut-line.ts";
import type { Marks } from "../output/marks.ts";
import { pushValue, sparkline } from "../output/sparkline.ts";

/** What the picture of a load run is drawn from. */
export interface LoadState {
  readonly name: string;
  /** How long the schedule is, and after how many requests it may end before. */
  readonly plannedMs: number;
  readonly maxRequests: number | undefined;
  readonly isClosed: boolean;
  progress: LoadProgress | undefined;
  /** Of the last second, newest last: when, and how many were due by then. */
  readonly lately: { readonly atMs: number; readonly scheduled: number }[];
  readonly p50s: number[];
  readonly p99s: number[];
  readonly classes: Map<string, number>;
}

export interface LoadPictureOptions {
  readonly columns: number;
  readonly paint: Paint;
  readonly marks: Marks;
}

/** The state before the first request. */
export function newLoadState({ targets, pace, maxRequests }: LoadPlan): LoadState {
  return {
    name: targets.map(({ name }) => name).join(", "),
    plannedMs:
      pace.kind === "closed"
        ? pace.durationMs
        : pace.stages.reduce((sum, { durationMs }) => sum + durationMs, 0),
    maxRequests,
    isClosed: pace.kind === "closed",
    progress: undefined,
    lately: [],
    p50s: [],
    p99s: [],
    classes: new Map(),
  };
}

const historyLength = 40;
/** Progress comes five times a second. */
const progressOfASecond = 6;

/** Takes a progress message into the state. */
export function updateLoadState(state: LoadState, progress: LoadProgress): void {
  state.progress = progress;
  state.lately.push({ atMs: progress.elapsedMs, scheduled: progress.scheduled });
  if (state.lately.length > progressOfASecond) state.lately.shift();
  pushValue(state.p50s, progress.recentP50Ms ?? 0, historyLength);
  pushValue(state.p99s, progress.recentP99Ms ?? 0, historyLength);
  for (const failure of progress.newFailures)
    state.classes.set(failure.class, (state.classes.get(failure.class) ?? 0) + 1);
}

/** The moving part: eight lines, none wider than the terminal. */
export function drawLoad(state: LoadState, { columns, paint, marks }: LoadPictureOptions): string[] {
  const { progress } = state;
  if (progress === undefined) return [cutLine(`${marks.starting} ${state.name}   begins`, columns - 1)];
  const { ok, failed, unsent, inFlight, recentP50Ms, recentP99Ms, lagP99Ms } = progress;
  const classes = [...state.classes].map(([name, count]) => `${name} ${countText(count)}`);
  const now = (value: number | undefined) => (value === undefined ? "none" : msText(value)).padEnd(9);
  const lost = `  failed     ${countText(failed)}${classes.length === 0 ? "" : `   ${classes.join(", ")}`}`;
  const lines = [
    `${marks.starting} ${state.name}   ${state.isClosed ? "closed loop   " : ""}${timeText(state)}   ${progressBar(shareDone(state), 24)}`,
    `  rate       ${rateText(rateNow(state))}   ${countText(inFlight)} in flight`,
    `  ok         ${countText(ok)}`,
    failed === 0 ? lost : paint("red", lost),
    `  p50        ${now(recentP50Ms)} ${sparkline(state.p50s)}`,
    `  p99        ${now(recentP99Ms)} ${sparkline(state.p99s)}`,
    `  send lag   ${msText(lagP99Ms)} (p99)`,
    ...(unsent === 0 ? [] : [paint("yellow", `  not sent   ${countText(unsent)}: the run is invalid`)]),
  ];
  return lines.map((line) => cutLine(line, columns - 1));
}

/** The same in one line, for where nothing can be drawn over. */
export function loadLine(state: LoadState): string {
  const { progress } = state;
  if (progress === undefined) return "… begins";
  const { ok, failed, unsent, inFlight, recentP99Ms } = progress;
  const p99 = recentP99Ms === undefined ? "" : `, p99 ${msText(recentP99Ms)}`;
  const missed = unsent === 0 ? "" : `, ${countText(unsent)} not sent`;
  return `… ${timeText(state)}: ${countText(ok)} ok, ${countText(failed)} failed${missed}, ${countText(inFlight)} in flight${p99}`;
}

function timeText({ progress, plannedMs, maxRequests }: LoadState): string {
  const elapsed = durationText(Math.floor((progress?.elapsedMs ?? 0) / 1000) * 1000);
  if (maxRequests !== undefined)
    return `${elapsed}, ${countText(progress?.scheduled ?? 0)} of ${countText(maxRequests)} requests`;
  return `${elapsed} of ${durationText(plannedMs)}`;
}

function shareDone({ progress, plannedMs, maxRequests }: LoadState): number {
  if (progress === undefined) return 0;
  const requests = maxRequests === undefined ? 0 : progress.scheduled / maxRequests;
  return Math.min(1, Math.max(progress.elapsedMs / plannedMs, requests));
}

function progressBar(share: number, width: number): string {
  const full = Math.round(share * width);
  return "█".repeat(full) + "░".repeat(width - full);
}

function rateNow({ lately }: LoadState): number {
  const [first, last] = [lately[0], lately.at(-1)];
  if (first === undefined || last === undefined || last.atMs <= first.atMs) return 0;
  return ((last.scheduled - first.scheduled) * 1000) / (last.atMs - first.atMs);
}
