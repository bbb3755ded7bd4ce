import { countText } from "@seaworthy/load";
import type { HeldStream } from "@seaworthy/trial";
import type { SavedRun } from "./saved-run.ts";

/** Streams of one kind that went the same way at the same time: most pods end all of theirs at once. */
export interface StreamMoment {
  /** Since the epoch, of the first of them. */
  readonly at: number;
  readonly end: "announced" | "broken" | "refused";
  readonly kind: string;
  readonly target: string;
  readonly path: string;
  readonly pod: string | null;
  readonly detail: string;
  readonly count: number;
  /** `8 websocket streams of service /ws ended with an announcement: close 1001`. */
  readonly text: string;
}

const togetherMs = 500;

/** How streams ended, and where none could be opened, moment by moment. */
export function streamMoments(run: SavedRun): StreamMoment[] {
  const groups = new Map<string, Draft[]>();
  for (const one of endedStreams(run)) {
    const key = [one.end, one.kind, one.target, one.path, one.pod, one.detail].join(" ");
    const alike = groups.get(key) ?? [];
    const latest = alike.at(-1);
    if (latest !== undefined && one.at - latest.at < togetherMs) latest.count += 1;
    else alike.push({ ...one, count: 1 });
    groups.set(key, alike);
  }
  return [...groups.values()]
    .flat()
    .toSorted((left, right) => left.at - right.at)
    .map((draft) => ({ ...draft, text: textOf(draft) }));
}

type Draft = Omit<StreamMoment, "text" | "count"> & { count: number };

/** An older file knows of broken ones only. */
function endedStreams({ heldStreams, streams }: SavedRun): Omit<Draft, "count">[] {
  if (heldStreams === undefined)
    return (streams?.breaks ?? []).map((each) => ({ ...each, at: Date.parse(each.at), end: "broken" }));
  return heldStreams
    .filter((each): each is HeldStream & Pick<StreamMoment, "end"> => each.end !== "kept")
    .map(({ endedAt, end, kind, target, path, pod, detail }) => ({
      at: endedAt,
      end,
      kind,
      target,
      path,
      pod,
      detail,
    }));
}

const words = {
  announced: "ended with an announcement",
  broken: "broken",
  refused: "could not be opened",
} as const;

function textOf({ count, kind, target, path, end, detail }: Draft): string {
  return `${countText(count)} ${kind} stream${count === 1 ? "" : "s"} of ${target} ${path} ${words[end]}: ${detail}`;
}
