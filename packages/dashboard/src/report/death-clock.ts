import { escapeHtml, linearScale } from "@seaworthy/load";
import { lossMarks, momentMarks } from "./loss-marks.ts";
import type { Loss } from "./losses.ts";
import { podMoments } from "./pod-moments.ts";
import type { SavedRun } from "./saved-run.ts";
import { endpointViews } from "./endpoint-views.ts";
import type { StreamMoment } from "./stream-moments.ts";

const rowHeight = 20;
const mostRows = 60;
const beforeMs = 2_000;

/**
 * One row for each pod that ended, from shortly before its deletion on: how long after it requests were lost and streams ended, and
 * what it did meanwhile.
 */
export function deathClock(
  run: SavedRun,
  losses: readonly Loss[],
  moments: readonly StreamMoment[],
  finding: string,
): string {
  const ended = run.timeline.pods
    .filter(({ deletionSeenAt }) => deletionSeenAt !== undefined)
    .slice(0, mostRows);
  if (ended.length === 0) return "";
  const longest = Math.max(
    1_000,
    ...ended.map((pod) => (pod.goneAt ?? run.load.endedAt) - pod.deletionSeenAt!),
  );
  const late = losses.reduce((most, { sinceDeletionMs }) => Math.max(most, sinceDeletionMs ?? 0), 0);
  const most = Math.min(Math.max(longest, late) * 1.05, 60_000);
  const scale = linearScale(beforeMs + most, [150, 988], 8);
  const x = (ms: number) => scale(Math.min(most, Math.max(-beforeMs, ms)) + beforeMs);
  const bottom = ended.length * rowHeight + 4;
  const rows = ended.map((pod, row) => {
    const y = row * rowHeight + 14;
    const since = (at: number) => x(at - pod.deletionSeenAt!);
    const gone = since(pod.goneAt ?? run.load.endedAt);
    const views = endpointViews(pod, run).map(({ name, row: line, spans }) => {
      const until = Math.max(0, ...spans.map(([, to]) => to));
      const width = Math.max(0, since(until) - x(-beforeMs)).toFixed(1);
      return `<rect class="${name}" x="${x(-beforeMs)}" y="${y - 8 - 2 * line}" width="${width}" height="1.4"/>`;
    });
    const ticks = podMoments(pod, run).filter(({ tick }) => tick);
    return [
      `<text class="pod" x="0" y="${y + 4}">${escapeHtml(pod.name.split("-").slice(-2).join("-").slice(-20))}</text>`,
      `<rect class="ending" x="${x(0)}" y="${y - 5}" width="${Math.max(1, gone - x(0)).toFixed(1)}" height="10" rx="2"/>`,
      ...views,
      ...ticks.map(
        ({ at, text }) =>
          `<path class="tick" d="M${since(at)} ${y - 7}v14"><title>${escapeHtml(text)}</title></path>`,
      ),
    ].join("");
  });
  const rowOf = new Map(
    ended.map((pod, row) => [pod.name, { y: row * rowHeight + 14, deletedAt: pod.deletionSeenAt! }]),
  );
  const lossSpots = lossMarks(losses, ({ deletedPod, sinceDeletionMs }) => {
    const row = rowOf.get(deletedPod ?? "");
    return row === undefined || sinceDeletionMs === null ? undefined : [x(sinceDeletionMs), row.y];
  });
  const streamSpots = momentMarks(moments, ({ pod, at }) => {
    const row = rowOf.get(pod ?? "");
    return row === undefined || at - row.deletedAt < -beforeMs ? undefined : [x(at - row.deletedAt), row.y];
  });
  const ticks = [-2, -1, 0, 1, 2, 5, 10, 15, 20, 30, 40, 50, 60].filter((each) => each * 1_000 <= most);
  const shown = ticks.filter(
    (tick, at) => at === 0 || tick === 0 || x(tick * 1_000) - x(ticks[at - 1]! * 1_000) > 34,
  );
  const axis = shown.map(
    (tick) =>
      `<path class="${tick === 0 ? "zero" : "grid"}" d="M${x(tick * 1_000)} 0V${bottom}"/><text x="${x(tick * 1_000)}" y="${bottom + 16}" text-anchor="middle">${tick === 0 ? "deleted" : `${tick} s`}</text>`,
  );
  return `<svg class="picture" role="img" aria-label="${escapeHtml(finding)}" viewBox="0 0 1000 ${bottom + 24}">${axis.join("")}${rows.join("")}${streamSpots}${lossSpots}</svg>`;
}
