import { isSafeToRepeat, statusName, type LoadReport, type Outcome } from "@seaworthy/load";
import { advise, type Advice } from "../causes/advice.ts";
import { attribute, type AttributionContext } from "../causes/attribute.ts";
import { streamsVerdict, type StreamsLoad, type StreamsVerdict } from "./streams-verdict.ts";
import { isAnswer } from "../causes/is-answer.ts";
import type { Cause } from "../causes/cause.ts";
import { gatherEvidence, type JoinedFailure } from "../causes/cause-evidence.ts";
import type { DeploymentFacts } from "../causes/deployment-facts.ts";
import type { FieldPlace } from "../causes/field-change.ts";
import { findPodEnds } from "../causes/find-pod-ends.ts";
import type { Finding } from "../causes/finding.ts";
import { isUnserved, toBusyTimes } from "../causes/not-keeping-up.ts";
import { isSureLoss, isUnavoidable } from "../causes/unavoidable.ts";
import { judge } from "./judge.ts";
import { bound, weakProof } from "./proof.ts";
import type { PodLife } from "../timeline/timeline.ts";
import type { ScenarioResult } from "./scenario-result.ts";

/** The name of the JSON form. A minor addition keeps it, a breaking change makes it v2. */
export const verdictSchema = "seaworthy.dev/trial/v1";

/** One lost request, with everything that is known of it. */
export interface Failure {
  /** RFC 3339 with milliseconds. */
  readonly at: string;
  /** In which scenario it was lost. */
  readonly scenario: string | null;
  readonly class: Outcome["class"];
  readonly client: Outcome["client"];
  readonly method: Outcome["method"];
  /** The kind of request that it was, where there were several. */
  readonly request?: string;
  readonly target: string;
  /** The pod's name; null when the request reached none. */
  readonly pod: string | null;
  /** The pod from whose deletion `sinceDeletionMs` counts: for `not-ready-yet` the one that made way for `pod`. */
  readonly deletedPod: string | null;
  /** From the moment the deletion was seen to the failure; below 0 when the failure came first. */
  readonly sinceDeletionMs: number | null;
  readonly cause: Cause;
  readonly advice: string;
  readonly status?: number;
  readonly detail?: string;
}

/** All failures of one cause, class by class, with the advice that would have saved them. */
export interface CauseSummary {
  readonly cause: Cause;
  readonly deployment: string | null;
  readonly count: number;
  readonly pods: number;
  readonly classes: Readonly<Record<string, number>>;
  readonly sinceDeletionMs: {
    readonly min: number;
    readonly median: number;
    readonly p95: number;
    readonly max: number;
  } | null;
  readonly advice: Advice;
}

/** The answer of a trial. */
export interface Verdict {
  readonly schema: typeof verdictSchema;
  /**
   * `leaking`: requests were lost, or a finding says that they can be. `unproven`: nothing was lost, in too few pod ends to
   * say anything. `invalid`: the run proves nothing at all.
   */
  readonly verdict: "seaworthy" | "leaking" | "unproven" | "invalid";
  /** Why the run does not prove the service good; not with `seaworthy`. */
  readonly why?: string;
  readonly requests: { readonly scheduled: number; readonly ok: number; readonly failed: number };
  /** Of the failed requests, those that went with a pod or an edge which the trial ended: they count against nobody. */
  readonly unavoidable: number;
  /** Of the lost requests, those that no client may send again on its own: nobody knows whether they were done. */
  readonly unrepeatable?: number;
  /** How each kind of request fared, where there were several. */
  readonly byRequest?: LoadReport["byRequest"];
  /** How the streams fared that were held open, where there were some. */
  readonly streams?: StreamsVerdict;
  /** Pods that were asked to end while the load ran. */
  readonly terminations: number;
  readonly bound: { readonly perTermination: number; readonly text: string } | null;
  readonly failures: readonly Failure[];
  readonly causes: readonly CauseSummary[];
  /** What was found of how pods end, whether or not a request met it. */
  readonly findings: readonly Finding[];
  readonly latency: TrialLoad["latency"];
  readonly generator: TrialLoad["generator"];
  readonly scenarios: readonly ScenarioResult[];
  readonly targets: readonly {
    readonly name: string;
    readonly url: string;
    /** What is asked there, and the ranges of statuses that are good. */
    readonly methods: readonly string[];
    readonly status: readonly (readonly [from: number, to: number])[];
  }[];
  readonly cluster: "embedded" | "kubeconfig";
  /** The data plane profile of an embedded cluster; null on a real one. */
  readonly profile: string | null;
  readonly seed: number;
  readonly standIns: readonly string[];
  readonly notices: readonly string[];
}

/** What a verdict takes from the report of the load. */
export interface TrialLoad extends Pick<LoadReport, "scheduled" | "ok" | "failures">, StreamsLoad {
  readonly byRequest?: LoadReport["byRequest"];
  readonly latency: Pick<LoadReport["latency"], "p50Ms" | "p99Ms" | "p999Ms" | "maxMs">;
  readonly generator: Pick<LoadReport["generator"], "lagP99Ms" | "lagMaxMs" | "valid" | "why">;
}

/** Everything that a verdict is made from. */
export interface VerdictInput {
  readonly report: TrialLoad;
  readonly context: AttributionContext;
  readonly scenarios: readonly ScenarioResult[];
  readonly terminations: number;
  /** Whether a scenario asks pods to end; without one, too few ends are no reason to doubt. */
  readonly endsPods: boolean;
  /** For `file:line` of a Deployment's fields; undefined for those that came from no file. */
  readonly placeOf: (facts: DeploymentFacts) => FieldPlace;
  readonly about: Pick<Verdict, "targets" | "cluster" | "profile" | "seed" | "standIns" | "notices">;
}

/** Joins the failures to what was seen and says what the run is worth. */
export function makeVerdict(input: VerdictInput): Verdict {
  const { report, terminations } = input;
  const context = withAnswers(report.failures, input.context);
  const joined = report.failures.map((outcome) => ({ outcome, attribution: attribute(outcome, context) }));
  const groups = groupByCause(joined, context, input.placeOf);
  const unavoidable = joined.filter(({ attribution }) => isUnavoidable(attribution.cause)).length;
  const lost = joined.filter(({ attribution }) => isSureLoss(attribution.cause)).length;
  const unrepeatable = joined.filter(
    ({ outcome, attribution }) => !isUnavoidable(attribution.cause) && !isSafeToRepeat(outcome),
  ).length;
  const findings = [...findPodEnds(context, input.placeOf), ...weakProof(lost, terminations)];
  const streams = streamsVerdict(report, context, input.scenarios);
  const { verdict, why } = judge({ ...input, findings, lost, streams });
  const { p50Ms, p99Ms, p999Ms, maxMs } = report.latency;
  const { lagP99Ms, lagMaxMs, valid, why: doubt } = report.generator;
  return {
    schema: verdictSchema,
    verdict,
    ...(why === undefined ? {} : { why }),
    requests: { scheduled: report.scheduled, ok: report.ok, failed: report.failures.length },
    unavoidable,
    unrepeatable,
    ...(report.byRequest === undefined ? {} : { byRequest: report.byRequest }),
    ...(streams === undefined ? {} : { streams }),
    terminations,
    bound: lost === 0 && terminations > 0 ? bound(terminations) : null,
    failures: joined.map((each) => toFailure(each, adviceOf(each, groups), input.scenarios)),
    causes: groups.map((group) => summarise(group)).toSorted((left, right) => right.count - left.count),
    findings,
    latency: { p50Ms, p99Ms, p999Ms, maxMs },
    generator: { lagP99Ms, lagMaxMs, valid, why: doubt },
    scenarios: input.scenarios,
    ...input.about,
  };
}

/** What is known of one failure. While the run goes on, later events may still change it. */
export function explainFailure(
  outcome: Outcome,
  context: AttributionContext,
  placeOf: VerdictInput["placeOf"],
): Failure {
  const joined = { outcome, attribution: attribute(outcome, context) };
  return toFailure(joined, groupByCause([joined], context, placeOf)[0]!.advice, []);
}

/** All failures of one cause in one Deployment. */
interface CauseGroup {
  readonly cause: Cause;
  readonly deployment: string | undefined;
  readonly joined: readonly JoinedFailure[];
  readonly advice: Advice;
}

/** What certain failures tell about the others: which pods answered badly from their deletion on, which statuses come anyway, and when pods had no time. */
function withAnswers(failures: readonly Outcome[], context: AttributionContext): AttributionContext {
  const strays = new Set<number>();
  const badAnswers = new Map<string, { at: number; status: number }>();
  for (const outcome of failures.filter((each) => isAnswer(each) && each.peer !== undefined)) {
    const { deleted, pod, at, cause } = attribute(outcome, context);
    const status = outcome.status ?? 0;
    if (deleted !== undefined && at < (badAnswers.get(deleted.uid)?.at ?? Infinity))
      badAnswers.set(deleted.uid, { at, status });
    if (pod !== undefined && deleted === undefined && cause !== "bad-version") strays.add(status);
  }
  const unserved = failures
    .filter((each) => isUnserved(each) && each.peer !== undefined)
    .map((each) => attribute(each, context))
    .filter(({ cause }) => cause === "app-not-keeping-up");
  return { ...context, strays, badAnswers, busy: toBusyTimes(unserved) };
}

function groupByCause(
  joined: readonly JoinedFailure[],
  context: AttributionContext,
  placeOf: VerdictInput["placeOf"],
): CauseGroup[] {
  const keyed = Map.groupBy(joined, (each) => keyOf(each));
  return [...keyed.values()].map((group) => {
    const { attribution } = group[0]!;
    const facts =
      context.facts.find(({ name }) => name === attribution.pod?.deployment) ??
      (attribution.pod === undefined && context.facts.length === 1 ? context.facts[0] : undefined);
    const pods = new Map<string, PodLife>();
    for (const { pod } of group.map((each) => each.attribution))
      if (pod !== undefined) pods.set(pod.uid, pod);
    const evidence = gatherEvidence([...pods.values()], facts, context, group);
    const place = facts === undefined ? () => undefined : placeOf(facts);
    const advice = advise(attribution.cause, { facts, evidence, placeOf: place });
    return { cause: attribution.cause, deployment: facts?.name, joined: group, advice };
  });
}

function keyOf({ attribution }: JoinedFailure): string {
  return `${attribution.cause} ${attribution.pod?.deployment ?? ""}`;
}

function adviceOf(failure: JoinedFailure, groups: readonly CauseGroup[]): Advice {
  return groups.find((group) => keyOf(group.joined[0]!) === keyOf(failure))!.advice;
}

function toFailure(
  { outcome, attribution }: JoinedFailure,
  advice: Advice,
  scenarios: readonly ScenarioResult[],
): Failure {
  const { deleted, sinceDeletionMs } = attribution;
  const at = new Date(attribution.at).toISOString();
  return {
    at,
    // They follow each other, and a request that one left in flight may end after it.
    scenario: scenarios.findLast(({ startedAt }) => startedAt <= at)?.name ?? null,
    class: outcome.class,
    client: outcome.client,
    method: outcome.method,
    ...(outcome.request === undefined ? {} : { request: outcome.request }),
    target: outcome.target,
    pod: attribution.pod?.name ?? null,
    deletedPod: deleted?.name ?? null,
    sinceDeletionMs: sinceDeletionMs === undefined ? null : round(sinceDeletionMs),
    cause: attribution.cause,
    advice: advice.text,
    ...(outcome.status === undefined ? {} : { status: outcome.status }),
    ...(outcome.detail === undefined ? {} : { detail: outcome.detail }),
  };
}

function summarise({ cause, deployment, joined, advice }: CauseGroup): CauseSummary {
  const times = joined.map((each) => each.attribution.sinceDeletionMs).filter((time) => time !== undefined);
  const classes = Map.groupBy(joined, (each) => className(each.outcome));
  return {
    cause,
    deployment: deployment ?? null,
    count: joined.length,
    pods: new Set(joined.map((each) => each.attribution.pod?.uid).filter((uid) => uid !== undefined)).size,
    classes: Object.fromEntries([...classes].map(([name, members]) => [name, members.length])),
    sinceDeletionMs: times.length === 0 ? null : spread(times),
    advice,
  };
}

function className(outcome: Outcome): string {
  const { status } = outcome;
  return isAnswer(outcome) ? `status ${status === undefined ? "?" : statusName(status)}` : outcome.class;
}

function spread(values: readonly number[]): { min: number; median: number; p95: number; max: number } {
  const sorted = values.toSorted((left, right) => left - right);
  const quantile = (share: number) =>
    round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!);
  return { min: quantile(0), median: quantile(0.5), p95: quantile(0.95), max: quantile(1) };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
