import type { ContainerJournal } from "@seaworthy/cluster";
import type { Outcome } from "@seaworthy/load";
import type { Attribution, AttributionContext } from "./attribute.ts";
import { idleTimeoutMs } from "./evidence.ts";
import type { DeploymentFacts } from "./deployment-facts.ts";
import { heardSignal, journalsOf, servingJournal } from "./pod-journals.ts";
import { endOf, feltMs, podAt, routingTailMs } from "./pod-moments.ts";
import type { PodLife } from "../timeline/timeline.ts";

/** What was seen of the pods that a cause or a finding is about, as far as advice depends on it. */
export interface CauseEvidence {
  /** The longest time after a deletion at which a request was still routed to the pod. */
  readonly latestMs: number | undefined;
  /** The stop signal. */
  readonly signal: string;
  /** The pods' processes ended as soon as they got it. */
  readonly endsAtOnce: boolean;
  /** The longest time from a deletion to the end of the container that serves. */
  readonly servedMs: number | undefined;
  /** The container that was over while another one served. */
  readonly endedFirst: string | undefined;
  /** The command that got the signal, and the one that listens. */
  readonly receiver: string | undefined;
  readonly listener: string | undefined;
  readonly handlesSignal: boolean | undefined;
  /** The most connections that were open at a SIGKILL. */
  readonly openAtKill: number | undefined;
  /** The status of the answers. */
  readonly status: number | undefined;
  readonly idleTimeoutMs: number | undefined;
  readonly edgeIdleMs: number | undefined;
  /** A path that the app answers well. */
  readonly path: string | undefined;
}

/** One failure, joined. */
export interface JoinedFailure {
  readonly outcome: Outcome;
  readonly attribution: Attribution;
}

const atOnceMs = 1_000;

/** Gathers what was seen of some pods of a Deployment. */
export function gatherEvidence(
  pods: readonly PodLife[],
  facts: DeploymentFacts | undefined,
  context: AttributionContext,
  joined: readonly JoinedFailure[] = [],
): CauseEvidence {
  const serving = pods
    .map((pod) => ({ pod, journal: servingJournal(journalsOf(pod, context.journals), facts?.containerName) }))
    .filter(({ journal }) => journal !== undefined)
    .map(({ pod, journal }) => ({ pod, journal: journal! }));
  const signalled = serving.filter(({ journal }) => journal.signal !== undefined);
  const example = signalled.find(({ journal }) => heardSignal(journal) === false) ?? signalled[0];
  // What a client's node still remembered of a pod long after its end, no hook could wait for.
  const times = joined
    .filter(
      ({ attribution: { at, deleted } }) => deleted === undefined || at <= endOf(deleted) + routingTailMs,
    )
    .map(({ attribution }) => attribution.sinceDeletionMs)
    .filter((time) => time !== undefined);
  const own = context.timeline.pods.filter(
    (pod) => pods.length === 0 || pod.deployment === pods[0]?.deployment,
  );
  const uids = new Set(pods.map(({ uid }) => uid));
  const handles = signalled.map(({ journal }) => journal.signal?.receiver?.handlesSignal);
  return {
    latestMs: greatest(times),
    signal: example?.journal.signal?.name ?? "SIGTERM",
    endsAtOnce:
      signalled.length > 0 &&
      signalled.every(
        ({ journal }) => journal.end !== undefined && journal.end.at - journal.signal!.at < atOnceMs,
      ),
    servedMs: greatest(
      serving.flatMap(({ pod, journal }) =>
        journal.end === undefined || pod.deletionSeenAt === undefined
          ? []
          : [journal.end.at - pod.deletionSeenAt],
      ),
    ),
    endedFirst: firstEnd(pods, context, joined),
    receiver: example?.journal.signal?.receiver?.command,
    listener: example?.journal.listeners[0]?.command,
    handlesSignal: handles.includes(false) ? false : handles[0],
    openAtKill: greatest(serving.flatMap(({ pod, journal }) => openAtKill(pod, journal, context))),
    status:
      joined.find(({ outcome }) => outcome.status !== undefined)?.outcome.status ??
      context.kept.find(({ podUid, badAnswer }) => badAnswer !== undefined && uids.has(podUid))?.badAnswer
        ?.status,
    idleTimeoutMs: idleTimeoutMs(context, new Set(own.map(({ uid }) => uid))),
    edgeIdleMs: context.edgeIdleMs,
    path: context.path,
  };
}

/** By the failures, or else by the bad answers on the trial's own connections. */
function firstEnd(
  pods: readonly PodLife[],
  context: AttributionContext,
  joined: readonly JoinedFailure[],
): string | undefined {
  const moments = [
    ...joined.map(({ attribution: { pod, at } }) => ({ pod, at })),
    ...context.kept.map(({ podUid, badAnswer }) => ({
      pod: pods.find(({ uid }) => uid === podUid),
      at: badAnswer?.at,
    })),
  ];
  return moments
    .map(({ pod, at }) =>
      pod === undefined || at === undefined ? undefined : podAt(pod, at, context).endedFirst,
    )
    .find((name) => name !== undefined);
}

/** Without those that the trial itself kept. */
function openAtKill(pod: PodLife, { kill }: ContainerJournal, { kept }: AttributionContext): number[] {
  if (kill?.open === undefined) return [];
  const own = kept.filter(
    ({ podUid, closedAt }) => podUid === pod.uid && (closedAt === undefined || closedAt >= kill.at - feltMs),
  );
  return [Math.max(0, kill.open - own.length)];
}

function greatest(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : Math.max(...values);
}
