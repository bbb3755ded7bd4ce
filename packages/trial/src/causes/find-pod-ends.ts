import type { ContainerJournal } from "@seaworthy/cluster";
import { advise, idleAbove, seconds } from "./advice.ts";
import type { AttributionContext } from "./attribute.ts";
import { gatherEvidence } from "./cause-evidence.ts";
import type { DeploymentFacts } from "./deployment-facts.ts";
import { idleTimeoutMs } from "./evidence.ts";
import type { FieldPlace } from "./field-change.ts";
import type { Finding, FindingId } from "./finding.ts";
import { hasLauncher, heardSignal, journalsOf, servingJournal } from "./pod-journals.ts";
import { endedByTrial } from "./harm.ts";
import { feltMs, podAt, watchDelayMs } from "./pod-moments.ts";
import type { PodLife } from "../timeline/timeline.ts";

/** Looks at how each Deployment's pods ended. */
export function findPodEnds(
  context: AttributionContext,
  placeOf: (facts: DeploymentFacts) => FieldPlace,
): Finding[] {
  return context.facts.flatMap((facts) => {
    const ended = context.timeline.pods.filter(
      (pod) =>
        pod.deployment === facts.name &&
        pod.namespace === facts.namespace &&
        pod.deletionSeenAt !== undefined &&
        pod.goneAt !== undefined &&
        !endedByTrial(pod.uid, context.harms),
    );
    const source: Source = { facts, ended, context, placeOf: placeOf(facts) };
    return [
      ...killed(source),
      ...unheard(source),
      ...cut(source),
      ...answersBadly(source),
      ...failedHooks(source),
      ...closesIdle(source),
    ];
  });
}

interface Source {
  readonly facts: DeploymentFacts;
  readonly ended: readonly PodLife[];
  readonly context: AttributionContext;
  readonly placeOf: FieldPlace;
}

/** A real cluster tells of a SIGKILL by its exit code only, and OOMKilled has the same. */
function killed(source: Source): Finding[] {
  const { facts, ended, context } = source;
  const names = new Set(facts.containers.map(({ name }) => name));
  return [...names].flatMap((container) => {
    const pods = ended.filter((pod) => {
      const journal = journalsOf(pod, context.journals).find((each) => each.container === container);
      if (journal !== undefined) return journal.kill !== undefined;
      return pod.ends.some(
        (end) =>
          end.container === container &&
          end.exitCode === 137 &&
          end.reason !== "OOMKilled" &&
          end.at >=
            (pod.deletionSeenAt ?? 0) + (pod.graceSeconds ?? facts.graceSeconds) * 1000 - watchDelayMs,
      );
    });
    if (pods.length === 0) return [];
    const { openAtKill, handlesSignal, signal } = gatherEvidence(
      pods,
      { ...facts, containerName: container },
      context,
    );
    const open =
      openAtKill === undefined || openAtKill === 0 ? "" : `, with up to ${openAtKill} connections open`;
    const why = handlesSignal === false ? `: nobody handles ${signal}` : "";
    const text = `${pods.length} of ${ended.length} pods were killed at the end of the grace period${why}${open}`;
    return [finding("killed-by-grace", source, pods, text, container)];
  });
}

function unheard(source: Source): Finding[] {
  const pods = source.ended.filter((pod) => {
    const journal = serving(pod, source);
    return journal !== undefined && isUnheard(journal);
  });
  if (pods.length === 0) return [];
  const { receiver, listener, signal } = gatherEvidence(pods, source.facts, source.context);
  const text = `in ${pods.length} of ${source.ended.length} pods ${signal} went to \`${receiver}\`, and \`${listener}\`, which serves, never heard of it`;
  return [finding("signal-not-passed-on", source, pods, text)];
}

function isUnheard(journal: ContainerJournal): boolean {
  return hasLauncher(journal) && heardSignal(journal) === false;
}

/** A busy connection that ends without having been announced cuts any request that is on its way at that moment. */
function cut(source: Source): Finding[] {
  const pods = source.ended.filter((pod) => {
    const journal = serving(pod, source);
    if (journal?.standIn === true || (journal !== undefined && isUnheard(journal))) return false;
    const from = journal?.signal?.at ?? pod.deletionSeenAt ?? Infinity;
    return source.context.kept.some(
      ({ podUid, use, answeredAt, announcedAt, closedAt }) =>
        podUid === pod.uid &&
        use === "busy" &&
        answeredAt !== undefined &&
        announcedAt === undefined &&
        closedAt !== undefined &&
        closedAt >= from - feltMs &&
        journal?.kill === undefined,
    );
  });
  if (pods.length === 0) return [];
  const text = `${pods.length} of ${source.ended.length} pods closed a connection that still carried requests, without \`Connection: close\` before: a request in that moment is lost`;
  return [finding("connection-cut-on-exit", source, pods, text)];
}

function answersBadly(source: Source): Finding[] {
  const answers = source.ended.flatMap((pod) => {
    const bad = source.context.kept.find(
      ({ podUid, badAnswer }) => podUid === pod.uid && badAnswer !== undefined,
    );
    if (bad?.badAnswer === undefined) return [];
    const moment = podAt(pod, bad.badAnswer.at, source.context);
    return moment.deleted ? [{ pod, status: bad.badAnswer.status, first: moment.endedFirst }] : [];
  });
  const first = answers.find((answer) => answer.first !== undefined)?.first;
  if (first !== undefined) {
    const text = `container ${first} was gone while ${source.facts.containerName} still answered, with ${answers[0]!.status}, in ${answers.length} of ${source.ended.length} pods`;
    const pods = answers.map(({ pod }) => pod);
    return [finding("sidecar-ended-first", source, pods, text)];
  }
  if (answers.length === 0) return [];
  const statuses = [...new Set(answers.map(({ status }) => status))].join(" and ");
  const text = `${answers.length} of ${source.ended.length} pods answered ${statuses} once they were deleted, on a connection that they had answered well before`;
  const pods = answers.map(({ pod }) => pod);
  return [finding("answers-badly-while-draining", source, pods, text)];
}

function failedHooks(source: Source): Finding[] {
  const { ended, context, facts, placeOf } = source;
  const failed = ended
    .flatMap((pod) => journalsOf(pod, context.journals))
    .filter(({ preStop, standIn }) => !standIn && preStop?.result !== undefined && preStop.result !== "done");
  return [...Map.groupBy(failed, ({ container }) => container)].map(([container, journals]) => {
    const { preStop } = journals[0]!;
    const index = facts.containers.findIndex(({ name }) => name === container);
    const place = placeOf(["spec", "template", "spec", "containers", index, "lifecycle", "preStop"]) ?? null;
    const text = `the preStop hook of container ${container} ${hookProblem(journals[0]!)} in ${journals.length} of ${ended.length} pods: ${preStop?.message ?? `it ran ${seconds((preStop?.endedAt ?? 0) - (preStop?.startedAt ?? 0))}`}`;
    const also =
      preStop?.result === "cut"
        ? "give the hook less to do, or the pod a longer terminationGracePeriodSeconds"
        : "use preStop.sleep, which needs no command in the image, or a command that is there";
    const advice = { why: text, changes: [], also, place: place ?? undefined, text: also };
    return { id: "pre-stop-failed", denies: false, deployment: facts.name, container, text, place, advice };
  });
}

function hookProblem({ preStop }: ContainerJournal): string {
  if (preStop?.result === "cut") return "was cut by the end of the grace period";
  const isMissing = preStop?.exitCode === 126 || preStop?.exitCode === 127;
  return isMissing ? "names a command that is not there" : "failed";
}

function closesIdle(source: Source): Finding[] {
  const { facts, context } = source;
  const own = context.timeline.pods.filter(
    (pod) => pod.deployment === facts.name && pod.namespace === facts.namespace,
  );
  const real = own.filter((pod) => serving(pod, source)?.standIn !== true);
  const timeoutMs = idleTimeoutMs(context, new Set(real.map(({ uid }) => uid)));
  const edgeMs = context.edgeIdleMs;
  if (timeoutMs === undefined || edgeMs === undefined || timeoutMs >= edgeMs) return [];
  const keeper = context.edges.length > 0 ? "the edge keeps them" : "edges keep them";
  const text = `the app closes idle connections after ${seconds(timeoutMs)}, and ${keeper} for ${seconds(edgeMs)}: a request that is sent as one closes is lost, without any rollout (Node: server.keepAliveTimeout = ${idleAbove(edgeMs)})`;
  return [finding("idle-connection-closed", source, real, text, facts.containerName, false)];
}

function serving(pod: PodLife, { context, facts }: Source): ContainerJournal | undefined {
  return servingJournal(journalsOf(pod, context.journals), facts.containerName);
}

function finding(
  id: Exclude<FindingId, "pre-stop-failed" | "proof-is-weak">,
  { facts, context, placeOf }: Source,
  pods: readonly PodLife[],
  text: string,
  container: string = facts.containerName,
  denies = true,
): Finding {
  const index = facts.containers.findIndex(({ name }) => name === container);
  const own =
    index === -1
      ? facts
      : { ...facts, container: index, containerName: container, preStop: facts.containers[index]?.preStop };
  const advice = advise(id, { facts: own, evidence: gatherEvidence(pods, own, context), placeOf });
  return { id, denies, deployment: facts.name, container, text, place: advice.place ?? null, advice };
}
