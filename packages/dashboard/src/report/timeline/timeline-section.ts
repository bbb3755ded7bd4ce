import { countText, durationText, escapeHtml, folded, msText, table } from "@seaworthy/load";
import type { Course } from "./course.ts";
import { viewKinds } from "../endpoint-views.ts";
import { lossCauses, shapes, type Loss, type Shape } from "../losses.ts";
import { podMoments } from "../pod-moments.ts";
import type { SavedRun } from "../saved-run.ts";
import { section } from "../section.ts";
import type { StreamMoment } from "../stream-moments.ts";
import { timelinePicture } from "./timeline-picture.ts";
import { lostSentence } from "../words.ts";

/** What happened when, as a picture with its filter, its legend and its keys, and as tables. */
export function timelineSection(
  run: SavedRun,
  losses: readonly Loss[],
  moments: readonly StreamMoment[],
  course: Course | undefined,
): string {
  const finding = `${run.timeline.pods.length} pods over ${durationText(run.load.endedAt - run.load.startedAt)}. ${lostSentence(run)}. ${losses.length === 0 ? "" : `The first loss was after ${durationText(losses[0]!.atMs)}, the last after ${durationText(losses.at(-1)!.atMs)}.`}`;
  const picture = `<div class="scroll">${timelinePicture(run, losses, moments, course, escapeHtml(finding))}</div>`;
  const keys = `<p class="keys legend">${losses.length === 0 ? "" : "<span><kbd>[</kbd> <kbd>]</kbd> previous and next loss</span>"}<span>in the picture <kbd>←</kbd> <kbd>→</kbd> move in time${losses.length === 0 ? "" : ", <kbd>Enter</kbd> shows one, <kbd>Esc</kbd> goes back"}</span></p>`;
  return section(
    "What happened, and when",
    whatIsShown(run, course),
    filters(run, moments) +
      picture +
      legend(run, losses, moments, course !== undefined) +
      `<p id="readout" role="status" aria-live="polite"></p>` +
      keys +
      podTable(run, moments) +
      courseTable(course),
  );
}

/** What the picture lacks: a long run does not keep each of its answers. */
function whatIsShown({ load, requests }: SavedRun, course: Course | undefined): string {
  const kept = load.answers?.count ?? 0;
  if (course === undefined)
    return "This file holds no single answers, so there is no picture of requests and latency.";
  return kept < requests.ok
    ? `The picture of requests and latency has the first ${countText(kept)} of ${countText(requests.ok)} good answers.`
    : "";
}

/** One box for each cause, and for the ends of streams that are no loss. */
function filters(run: SavedRun, moments: readonly StreamMoment[]): string {
  const ofCauses = lossCauses(run).map(({ name, ofStreams, count }, at) => ({
    marks: `c${at}`,
    text: ofStreams ? `streams: ${name}` : name,
    count,
    isLoss: true,
  }));
  const ofStreams = (["announced", "refused"] as const).map((end) => ({
    marks: end === "refused" ? "unopened" : end,
    text: end === "refused" ? "streams: refused" : "streams: end announced",
    count: moments.reduce((sum, each) => sum + (each.end === end ? each.count : 0), 0),
    isLoss: false,
  }));
  const all = [...ofCauses, ...ofStreams].filter(({ count }) => count > 0);
  if (all.length < 2) return "";
  const boxes = all.map(
    ({ marks, text, count, isLoss }) =>
      `<label><input type="checkbox" checked data-marks="${marks}"> ${escapeHtml(text)} <span class="${isLoss ? "count" : "number"}">${countText(count)}</span></label>`,
  );
  return `<fieldset class="filters"><legend>Show</legend>${boxes.join("")}</fieldset>`;
}

function legend(
  run: SavedRun,
  losses: readonly Loss[],
  moments: readonly StreamMoment[],
  hasCourse: boolean,
): string {
  const bar = (name: string, text: string, height: number) =>
    `<li><svg width="22" height="12" aria-hidden="true"><rect class="${name}" x="1" y="${6 - height / 2}" width="20" height="${height}" rx="${height / 5}"/></svg>${text}</li>`;
  const states = [
    bar("pending", "started, not ready", 10),
    bar("ready", "ready", 10),
    bar("ending", "deleted, not gone", 10),
  ];
  const views = viewKinds
    .slice(0, (run.seenEndpoints ?? []).length > 0 ? undefined : 1)
    .map(({ name, text }) => bar(name, `in ${text}`, 2));
  const held = (run.heldStreams ?? []).length > 0 ? [bar("held", "streams open", 3)] : [];
  const others = moments.flatMap(({ end }): Shape[] =>
    end === "broken" ? [] : [end === "refused" ? "unopened" : end],
  );
  const used = new Set<Shape>([...losses.map(({ shape }) => shape), ...others]);
  const marks = [...used].map(
    (shape) =>
      `<li><svg width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true"><use href="#m-${shape}" class="${shape === "announced" || shape === "unopened" ? `moment ${shape}` : "loss"}"/></svg>${shapes[shape][0]}</li>`,
  );
  const tick = `<li><svg width="6" height="14" aria-hidden="true"><path class="tick" d="M3 0v14"/></svg>preStop over, SIGTERM, port closed, SIGKILL</li>`;
  const lines = hasCourse
    ? [
        ["p50", "p50"],
        ["p99", "p99"],
      ].map(
        ([name, text]) =>
          `<li><svg width="22" height="8" aria-hidden="true"><path class="line ${name}" d="M0 4H22"/></svg>${text}</li>`,
      )
    : [];
  return `<ul class="legend">${[...states, ...views, ...held, tick, ...marks, ...lines].join("")}</ul>`;
}

function podTable(run: SavedRun, moments: readonly StreamMoment[]): string {
  const since = (at: number) => `${((at - run.load.startedAt) / 1_000).toFixed(2)} s`;
  const rows = run.timeline.pods.map((pod) => [
    pod.name,
    pod.node ?? "",
    podMoments(pod, run, moments)
      .map(({ at, text }) => `${since(at)} ${text}`)
      .join(", "),
    countText(run.failures.filter((failure) => failure.pod === pod.name).length),
  ]);
  return folded(
    "the pods as a table",
    table("Pods and what happened to them", ["pod", "node", "what happened, from the start", "#lost"], rows),
  ).replace("<details>", '<details class="short">');
}

function courseTable(course: Course | undefined): string {
  if (course === undefined) return "";
  const perRow = Math.ceil(1_000 / course.binMs);
  const rows = Array.from({ length: Math.ceil(course.bins.length / perRow) }, (_, at) => {
    const bins = course.bins.slice(at * perRow, (at + 1) * perRow);
    const latencies = bins.flatMap(({ latenciesMs }) => latenciesMs).toSorted((left, right) => left - right);
    const rank = (share: number) => latencies[Math.max(0, Math.ceil(latencies.length * share) - 1)];
    const lost = bins.reduce((sum, bin) => sum + bin.lost, 0);
    const text = (ms: number | undefined) => (ms === undefined ? "" : msText(ms));
    return [
      durationText(bins[0]!.fromMs),
      countText(latencies.length + lost),
      countText(latencies.length),
      countText(lost),
      text(rank(0.5)),
      text(rank(0.99)),
    ];
  });
  return folded(
    "requests and latency as a table",
    table("Requests and latency", ["from", "#due", "#answered", "#lost", "#p50", "#p99"], rows),
  );
}
