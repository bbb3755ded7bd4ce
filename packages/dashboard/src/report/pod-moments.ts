import type { PodLife } from "@seaworthy/trial";
import { endpointViews } from "./endpoint-views.ts";
import type { SavedRun } from "./saved-run.ts";
import type { StreamMoment } from "./stream-moments.ts";

/** Something that happened to a pod, with its time since the epoch. `tick`: marked on its lane. */
export interface PodMoment {
  readonly at: number;
  readonly text: string;
  readonly tick: boolean;
}

/**
 * What is known of a pod's life, in order: by the watch, on the embedded cluster by the journals of its containers and the views of
 * its data plane, and by `streams` that led to it.
 */
export function podMoments(pod: PodLife, run: SavedRun, streams: readonly StreamMoment[] = []): PodMoment[] {
  const moments: (PodMoment | undefined)[] = [
    moment(pod.seenAt, "created"),
    ...pod.ready.map(({ at, ready }) => moment(at, ready ? "ready" : "not ready any more")),
    moment(pod.deletionSeenAt, "deleted"),
    moment(pod.goneAt, "gone"),
    ...streams.filter((each) => each.pod === pod.name).map(({ at, text }) => moment(at, text)),
  ];
  for (const journal of run.journals.filter(({ podUid }) => podUid === pod.uid)) {
    const { preStop, signal, closedAt, kill, end, container } = journal;
    moments.push(
      moment(journal.startedAt, `${container} started`),
      moment(preStop?.startedAt, `${container}: preStop ${preStop?.kind ?? ""} began`),
      moment(preStop?.endedAt, `${container}: preStop ${preStop?.result ?? "over"}`, true),
      moment(signal?.at, `${container}: ${signal?.name ?? "SIGTERM"}`, true),
      moment(closedAt, `${container}: port closed`, true),
      moment(kill?.at, `${container}: SIGKILL`, true),
      moment(end?.at, `${container} ended with ${end?.exitCode ?? "?"}`),
    );
  }
  for (const { text, spans } of endpointViews(pod, run)) {
    if (spans.length === 0) continue;
    moments.push(moment(Math.min(...spans.map(([from]) => from)), `in ${text}`));
    const until = Math.max(...spans.map(([, to]) => to));
    if (until < run.load.endedAt) moments.push(moment(until, `out of ${text}`));
  }
  return moments.filter((each) => each !== undefined).toSorted((left, right) => left.at - right.at);
}

function moment(at: number | undefined, text: string, tick = false): PodMoment | undefined {
  return at === undefined ? undefined : { at, text, tick };
}
