import { escapeHtml, type Scale } from "@seaworthy/load";
import type { PodLife } from "@seaworthy/trial";
import { lossMarks, momentMarks } from "../loss-marks.ts";
import type { Loss } from "../losses.ts";
import { endpointViews, type Span } from "../endpoint-views.ts";
import { podMoments } from "../pod-moments.ts";
import type { SavedRun } from "../saved-run.ts";
import type { StreamMoment } from "../stream-moments.ts";

const laneHeight = 24;
const headHeight = 22;
/** More pods than this are told by the table alone. */
const mostLanes = 80;

/** A drawn part of the timeline, and how high it is. */
export interface Part {
  readonly svg: string;
  readonly height: number;
}

/**
 * The pods' lives, revision by revision, with each lost request and each end of streams on the lane of its pod; the first lane is
 * of requests that reached none.
 */
export function lanes(
  run: SavedRun,
  losses: readonly Loss[],
  moments: readonly StreamMoment[],
  x: Scale,
): Part {
  const clear = losses.filter(({ pod, stream }) => pod === null && stream === undefined);
  const rows: string[] = [];
  const laneOf = new Map<string, number>();
  let y = 0;
  if (clear.length > 0) {
    rows.push(
      label(y, "reached no pod", "head"),
      `<line class="rail" x1="${x(0)}" x2="988" y1="${y + 12}" y2="${y + 12}"/>`,
    );
    laneOf.set("", y);
    y += laneHeight;
  }
  const pods = run.timeline.pods.toSorted((left, right) => left.seenAt - right.seenAt).slice(0, mostLanes);
  for (const group of Map.groupBy(pods, (pod) => `${pod.deployment ?? ""} ${pod.revision ?? ""}`).values()) {
    const { deployment, revision } = group[0]!;
    rows.push(label(y, `${deployment ?? "no Deployment"} · revision ${revision ?? "unknown"}`, "head"));
    y += headHeight;
    for (const pod of group) {
      rows.push(lane(pod, run, x, y));
      laneOf.set(pod.name, y);
      y += laneHeight;
    }
  }
  const place = (name: string | undefined, atMs: number) => {
    const top = name === undefined ? undefined : laneOf.get(name);
    return top === undefined ? undefined : ([x(atMs), top + 13] as const);
  };
  const marks =
    momentMarks(moments, ({ pod, at }) => place(pod ?? undefined, at - run.load.startedAt)) +
    lossMarks(losses, ({ pod, stream, atMs }) => place(pod ?? (stream === undefined ? "" : undefined), atMs));
  return { svg: rows.join("") + marks, height: y };
}

function lane(pod: PodLife, run: SavedRun, x: Scale, y: number): string {
  const { startedAt, endedAt } = run.load;
  const bar = (name: string, from: number, to: number, top = y + 7, height = 12) => {
    const [left, right] = [x(Math.max(0, from - startedAt)), x(Math.min(endedAt, to) - startedAt)];
    return right <= left
      ? ""
      : `<rect class="${name}" x="${left}" y="${top}" width="${Math.max(0.6, right - left).toFixed(1)}" height="${height}" rx="2"/>`;
  };
  const gone = pod.goneAt ?? endedAt;
  const ending = Math.min(pod.deletionSeenAt ?? gone, gone);
  const spans = readySpans(pod, ending).map(([from, to]) => bar("ready", from, to));
  const views = endpointViews(pod, run).flatMap(({ name, row, spans: seen }) =>
    seen.map(([from, to]) => bar(name, from, to, y + 4 - 2 * row, 1.4)),
  );
  const streams = heldSpans(pod, run).map(([from, to]) => bar("held", from, to, y + 20.6, 1.8));
  const ticks = podMoments(pod, run)
    .filter(({ tick }) => tick)
    .map(
      ({ at, text }) =>
        `<path class="tick" d="M${x(at - startedAt)} ${y + 5}v16"><title>${escapeHtml(text)}</title></path>`,
    );
  return [
    `<g><title>${escapeHtml(`Pod ${pod.name}${pod.node === undefined ? "" : ` on ${pod.node}`}`)}</title>`,
    label(y, `${pod.name.split("-").at(-1)!}  ${pod.node ?? ""}`, "pod"),
    bar("pending", pod.seenAt, ending),
    ...spans,
    bar("ending", ending, gone),
    ...views,
    ...streams,
    "</g>",
    ...ticks,
  ].join("");
}

function readySpans({ ready }: PodLife, endAt: number): [number, number][] {
  return ready.flatMap((change, at): [number, number][] =>
    change.ready && change.at < endAt ? [[change.at, Math.min(endAt, ready[at + 1]?.at ?? endAt)]] : [],
  );
}

/** When a pod had streams. */
function heldSpans({ name }: PodLife, { heldStreams = [] }: SavedRun): Span[] {
  const spans: [number, number][] = [];
  const own = heldStreams
    .filter(({ pod, end }) => pod === name && end !== "refused")
    .toSorted((left, right) => left.openedAt - right.openedAt);
  for (const { openedAt, endedAt } of own) {
    const last = spans.at(-1);
    if (last !== undefined && openedAt <= last[1]) last[1] = Math.max(last[1], endedAt);
    else spans.push([openedAt, endedAt]);
  }
  return spans;
}

function label(y: number, text: string, name: string): string {
  return `<text class="${name}" x="0" y="${y + 17}">${escapeHtml(text)}</text>`;
}
