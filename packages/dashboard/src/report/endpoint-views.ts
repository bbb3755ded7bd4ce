import type { PodLife } from "@seaworthy/trial";
import type { SavedRun } from "./saved-run.ts";

/** A time from and until, in milliseconds since the epoch. */
export type Span = readonly [from: number, until: number];

/** When one part of the cluster took a pod for a ready endpoint. */
export interface EndpointSpans {
  /** Its class in pictures. */
  readonly name: "listed" | "routed" | "edged";
  /** For people, after "in". */
  readonly text: string;
  /** Which line above a pod's bar is its own. */
  readonly row: number;
  readonly spans: readonly Span[];
}

/** The parts of a cluster that have a view of endpoints, in the order in which a change reaches them. */
export const viewKinds = [
  { name: "listed", text: "EndpointSlices" },
  { name: "routed", text: "the rules of Services" },
  { name: "edged", text: "the edge" },
] as const;

/** What each part believed of a pod: a real cluster tells of its EndpointSlices alone. */
export function endpointViews(pod: PodLife, run: SavedRun): EndpointSpans[] {
  const spans = [inSlices(pod, run), seenBy("services", pod, run), seenBy("edge", pod, run)];
  return viewKinds.map((kind, row) => ({ ...kind, row, spans: spans[row]! }));
}

/** When a pod's address stood among the ready ones of a Service's EndpointSlices. */
function inSlices({ ip, seenAt, goneAt, namespace }: PodLife, { timeline, load }: SavedRun): Span[] {
  if (ip === undefined) return [];
  const spans: Span[] = [];
  const services = Map.groupBy(
    timeline.endpoints.filter((each) => each.namespace === namespace),
    ({ service }) => service,
  );
  for (const changes of services.values()) {
    for (const [at, change] of changes.entries()) {
      const until = Math.min(changes[at + 1]?.at ?? load.endedAt, goneAt ?? load.endedAt);
      if (change.ready.includes(ip) && until > Math.max(seenAt, change.at))
        spans.push([Math.max(seenAt, change.at), until]);
    }
  }
  return spans;
}

/** A view may hold an address longer than its pod lives, until another pod has it. It may have it before the trial looked on. */
function seenBy(
  view: "services" | "edge",
  { ip, uid, seenAt }: PodLife,
  { seenEndpoints = [], timeline, load }: SavedRun,
): Span[] {
  const others = timeline.pods.filter((each) => each.ip === ip && each.uid !== uid);
  const [next, earlier] = [
    others.filter((each) => each.seenAt > seenAt),
    others.filter((each) => each.seenAt <= seenAt),
  ];
  const after = Math.max(0, ...earlier.map((each) => each.goneAt ?? seenAt));
  const until = Math.min(load.endedAt, ...next.map((each) => each.seenAt));
  const changes = seenEndpoints.filter(
    (each) => each.by === view && each.ip === ip && each.at >= after && each.at < until,
  );
  const spans: Span[] = [];
  for (const own of Map.groupBy(changes, ({ service }) => service).values())
    for (const [at, { ready, at: from }] of own.entries())
      if (ready) spans.push([Math.max(seenAt, from), own[at + 1]?.at ?? until]);
  return spans;
}
