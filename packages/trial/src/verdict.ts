import type { LoadReport, Outcome } from "@seaworthy/load";
import { advise, type Advice, type FieldPlace } from "./advice.ts";
import { attribute, type Attribution, type AttributionContext, type Cause } from "./attribute.ts";
import type { DeploymentFacts } from "./deployment-facts.ts";

/** The name of the JSON form. A minor addition keeps it, a breaking change makes it v2. */
export const verdictSchema = "seaworthy.dev/trial/v1";

/** One lost request, with everything that is known of it. */
export interface Failure {
  /** RFC 3339 with milliseconds. */
  readonly at: string;
  readonly class: Outcome["class"];
  readonly client: Outcome["client"];
  readonly method: Outcome["method"];
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

/** What one scenario did. */
export interface ScenarioResult {
  readonly name: string;
  readonly rounds: number;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly requests: { readonly scheduled: number; readonly ok: number; readonly failed: number };
  readonly terminations: number;
  /** Why it did not come to its end, when it did not. */
  readonly problem?: string;
}

/** The answer of a trial. */
export interface Verdict {
  readonly schema: typeof verdictSchema;
  readonly verdict: "seaworthy" | "leaking" | "invalid";
  /** Why the run proves nothing; only with `invalid`. */
  readonly why?: string;
  readonly requests: { readonly scheduled: number; readonly ok: number; readonly failed: number };
  readonly terminations: number;
  readonly bound: { readonly perTermination: number; readonly text: string } | null;
  readonly failures: readonly Failure[];
  readonly causes: readonly CauseSummary[];
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
export interface TrialLoad extends Pick<LoadReport, "scheduled" | "ok" | "failures"> {
  readonly latency: Pick<LoadReport["latency"], "p50Ms" | "p99Ms" | "p999Ms" | "maxMs">;
  readonly generator: Pick<LoadReport["generator"], "lagP99Ms" | "lagMaxMs" | "valid" | "why">;
}

/** Everything that a verdict is made from. */
export interface VerdictInput {
  readonly report: TrialLoad;
  readonly context: AttributionContext;
  readonly scenarios: readonly ScenarioResult[];
  readonly terminations: number;
  /** For `file:line` of a Deployment's fields; undefined for those that came from no file. */
  readonly placeOf: (facts: DeploymentFacts) => FieldPlace;
  readonly about: Pick<Verdict, "targets" | "cluster" | "profile" | "seed" | "standIns" | "notices">;
}

/** Fewer requests than this say nothing about a rollout. */
const fewestRequests = 100;

/** Joins the failures to the timeline and says what the run is worth. */
export function makeVerdict(input: VerdictInput): Verdict {
  const { report, terminations } = input;
  const joined = report.failures.map((outcome) => join(outcome, input.context, input.placeOf));
  const { verdict, why } = judge(input);
  const { p50Ms, p99Ms, p999Ms, maxMs } = report.latency;
  const { lagP99Ms, lagMaxMs, valid, why: doubt } = report.generator;
  return {
    schema: verdictSchema,
    verdict,
    ...(why === undefined ? {} : { why }),
    requests: { scheduled: report.scheduled, ok: report.ok, failed: report.failures.length },
    terminations,
    bound: report.failures.length === 0 && terminations > 0 ? bound(terminations) : null,
    failures: joined.map(toFailure),
    causes: summarise(joined),
    latency: { p50Ms, p99Ms, p999Ms, maxMs },
    generator: { lagP99Ms, lagMaxMs, valid, why: doubt },
    scenarios: input.scenarios,
    ...input.about,
  };
}

interface Joined {
  readonly outcome: Outcome;
  readonly attribution: Attribution;
  readonly deployment: string | undefined;
  readonly advice: Advice;
}

/** What is known of one failure. While the run goes on, later events may still change it. */
export function explainFailure(
  outcome: Outcome,
  context: AttributionContext,
  placeOf: VerdictInput["placeOf"],
): Failure {
  return toFailure(join(outcome, context, placeOf));
}

function join(outcome: Outcome, context: AttributionContext, placeOf: VerdictInput["placeOf"]): Joined {
  const attribution = attribute(outcome, context);
  const { facts } = context;
  const deployment = attribution.pod?.deployment;
  const own =
    facts.find((each) => each.name === deployment) ??
    (attribution.pod === undefined && facts.length === 1 ? facts[0] : undefined);
  const advice = advise(attribution.cause, own, own === undefined ? () => undefined : placeOf(own));
  return { outcome, attribution, deployment: own?.name, advice };
}

function toFailure({ outcome, attribution, advice }: Joined): Failure {
  const { deleted, sinceDeletionMs } = attribution;
  return {
    at: new Date(attribution.at).toISOString(),
    class: outcome.class,
    client: outcome.client,
    method: outcome.method,
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

function judge({ report, terminations, scenarios }: VerdictInput): {
  verdict: Verdict["verdict"];
  why?: string;
} {
  if (!report.generator.valid) {
    const lag = `the load generator itself lagged (p99 ${report.generator.lagP99Ms.toFixed(1)} ms)`;
    return { verdict: "invalid", why: report.generator.why ?? lag };
  }
  const problem = scenarios.find((scenario) => scenario.problem !== undefined)?.problem;
  if (report.failures.length > 0) return { verdict: "leaking" };
  if (problem !== undefined) return { verdict: "invalid", why: problem };
  if (terminations === 0) return { verdict: "invalid", why: "no pod was seen to end, so nothing was tried" };
  if (report.scheduled < fewestRequests) {
    return {
      verdict: "invalid",
      why: `only ${report.scheduled} requests were sent, fewer than ${fewestRequests}`,
    };
  }
  return { verdict: "seaworthy" };
}

/** The rule of three: 0 failures in k trials bounds the rate by 3/k with 95 % confidence. */
function bound(terminations: number): { perTermination: number; text: string } {
  const perTermination = Math.min(1, 3 / terminations);
  const percent = (perTermination * 100).toFixed(perTermination < 0.1 ? 1 : 0);
  return {
    perTermination,
    text: `0 lost in ${terminations} pod ${terminations === 1 ? "end" : "ends"}: fewer than ${percent} % of pod ends lose a request (95 % confidence)`,
  };
}

function summarise(joined: readonly Joined[]): CauseSummary[] {
  const groups = Map.groupBy(joined, (each) => `${each.attribution.cause} ${each.deployment ?? ""}`);
  return [...groups.values()].map(summariseGroup).toSorted((left, right) => right.count - left.count);
}

function summariseGroup(group: readonly Joined[]): CauseSummary {
  const first = group[0]!;
  const times = group.map((each) => each.attribution.sinceDeletionMs).filter((time) => time !== undefined);
  const classes = Map.groupBy(group, (each) => className(each.outcome));
  return {
    cause: first.attribution.cause,
    deployment: first.deployment ?? null,
    count: group.length,
    pods: new Set(group.map((each) => each.attribution.pod?.uid).filter((uid) => uid !== undefined)).size,
    classes: Object.fromEntries([...classes].map(([name, members]) => [name, members.length])),
    sinceDeletionMs: times.length === 0 ? null : spread(times),
    advice: first.advice,
  };
}

function className(outcome: Outcome): string {
  return outcome.class === "bad-status" ? `status ${outcome.status ?? "?"}` : outcome.class;
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
