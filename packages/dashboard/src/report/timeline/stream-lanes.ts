import { countText, escapeHtml, type Scale } from "@seaworthy/load";
import type { HeldStream, StreamsVerdict } from "@seaworthy/trial";
import type { Part } from "./lanes.ts";
import { lossMarks, momentMarks } from "../loss-marks.ts";
import type { Loss } from "../losses.ts";
import type { SavedRun } from "../saved-run.ts";
import type { StreamMoment } from "../stream-moments.ts";

const headHeight = 22;
const laneHeight = 24;
const areaHeight = 16;
/** More kinds than this are told by the tables alone. */
const mostLanes = 12;

/** How many streams of each kind were open when, with the marks of those of which no pod is known. */
export function streamLanes(
  run: SavedRun,
  losses: readonly Loss[],
  moments: readonly StreamMoment[],
  x: Scale,
): Part {
  const kinds = (run.streams?.kinds ?? []).slice(0, mostLanes);
  const rows: string[] = [];
  const laneOf = new Map<string, number>();
  let y = 0;
  for (const kind of kinds) {
    const own = (run.heldStreams ?? []).filter((each) => nameOf(each) === nameOf(kind));
    rows.push(
      `<text class="head" x="0" y="${y + 17}">${escapeHtml(`${kind.kind} streams of ${kind.target} ${kind.path}`)}</text>`,
      `<text class="pod" x="0" y="${y + headHeight + 15}">${countText(kind.connections)} held</text>`,
      area(kind, own, run, x, y + headHeight + areaHeight + 3),
    );
    laneOf.set(nameOf(kind), y + headHeight + 11);
    y += headHeight + laneHeight;
  }
  const place = (name: string, pod: string | null, atMs: number) => {
    const middle = laneOf.get(name);
    return middle === undefined || pod !== null ? undefined : ([x(atMs), middle] as const);
  };
  const marks =
    momentMarks(moments, (each) => place(nameOf(each), each.pod, each.at - run.load.startedAt)) +
    lossMarks(losses, ({ stream, pod, atMs }) =>
      stream === undefined ? undefined : place(nameOf(stream), pod, atMs),
    );
  return { svg: rows.join("") + marks, height: y };
}

function nameOf({ kind, target, path }: Pick<HeldStream, "kind" | "target" | "path"> | StreamMoment): string {
  return `${kind} ${target} ${path}`;
}

/** The open streams as steps. Of each point of the picture the fewest are shown, so that a gap is seen however short it was. */
function area(
  { connections }: StreamsVerdict["kinds"][number],
  streams: readonly HeldStream[],
  { load }: SavedRun,
  x: Scale,
  bottom: number,
): string {
  const rail = `<path class="rail" d="M${x(0)} ${bottom}H988"/>`;
  const changes = streams
    .filter(({ end }) => end !== "refused")
    .flatMap(({ openedAt, endedAt }) => [
      { at: openedAt, by: 1 },
      { at: endedAt, by: -1 },
    ])
    .toSorted((left, right) => left.at - right.at || right.by - left.by);
  if (changes.length === 0) return rail;
  let open = 0;
  const steps = [...Map.groupBy(changes, ({ at }) => Math.round(x(at - load.startedAt)))].map(
    ([point, own]) => {
      const fewest = Math.min(...own.map(({ by }) => (open += by)));
      return `H${point}V${top(fewest)}H${point + 1}V${top(open)}`;
    },
  );
  function top(count: number): number {
    return Math.round(10 * (bottom - (areaHeight * count) / Math.max(1, connections))) / 10;
  }
  return `${rail}<path class="held" d="M${x(0)} ${bottom}${steps.join("")}Z"/>`;
}
