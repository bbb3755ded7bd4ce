import { drainSeconds, propagationSeconds, type FieldPath } from "@seaworthy/kube";
import { idleAbove, seconds } from "../causes/advice.ts";
import { fewestTerminations } from "../verdict/proof.ts";
import type { MeasuredTimes } from "./measure-times.ts";

/** One value, computed from what was measured. */
export interface Suggestion {
  /** As people call it, `preStop.sleep.seconds`. */
  readonly name: string;
  /** Undefined where no field of a manifest holds it. */
  readonly path: FieldPath | undefined;
  readonly value: number;
  readonly unit: "s" | "ms";
  /** What the manifest says today, by its defaults where it says nothing. */
  readonly now: number | undefined;
  /** From which measurements, and by which formula. */
  readonly sum: string;
  /** Whether it is to be written: a value that is more than enough stays. */
  readonly isChange: boolean;
}

/** What follows from the times of a Deployment. */
export interface SuggestedFields {
  readonly suggestions: readonly Suggestion[];
  /** What was not computed, and why. */
  readonly missing: readonly string[];
}

/** Measurements vary from run to run, and proxies with their load: nothing is computed as tightly as it was seen. */
const marginSeconds = 2;

/** Computes the fields that decide how pods come and go. Longer times never give shorter values. */
export function suggestFields(times: MeasuredTimes, minReadySeconds: number): SuggestedFields {
  const preStop = suggestPreStop(times);
  const hooks = times.facts.containers.map((container) => container.preStop?.seconds ?? 0);
  const all = [
    preStop,
    suggestGrace(times, Math.max(preStop.suggestion?.value ?? 0, ...hooks)),
    suggestMinReady(times, minReadySeconds),
    suggestKeepAlive(times),
  ];
  return {
    suggestions: all.map(({ suggestion }) => suggestion).filter((each) => each !== undefined),
    missing: all.map(({ missing }) => missing).filter((each) => each !== undefined),
  };
}

interface Part {
  readonly suggestion?: Suggestion;
  readonly missing?: string;
}

/** The signal is to come when nothing is routed to the pod any more; an app that serves on after it waits by itself. */
function suggestPreStop(times: MeasuredTimes): Part {
  const { withdrawn, servedOn, facts } = times;
  const name = "preStop.sleep.seconds";
  if (withdrawn === undefined || withdrawn.pods < fewestTerminations)
    return { missing: `${name}: ${tooFew("pod end", withdrawn?.pods, times)}` };
  const needed = Math.max(propagationSeconds, upTo(withdrawn.longestMs) + marginSeconds);
  const own =
    servedOn === undefined || servedOn.pods < fewestTerminations ? 0 : Math.floor(servedOn.shortestMs / 1000);
  const value = Math.max(0, needed - own);
  const { preStop, container } = facts;
  const path = [...podPath, "containers", container, "lifecycle", "preStop"];
  const sum = [
    `max(${propagationSeconds} s, ${upTo(withdrawn.longestMs)} s + ${marginSeconds} s) ${own === 0 ? "" : `- ${own} s `}= ${value} s`,
    `a deleted pod got requests on new connections for up to ${seconds(withdrawn.longestMs)} (${withdrawn.pods} pods)`,
    ...(own === 0 ? [] : [`after SIGTERM it served on by itself for ${own} s or longer`]),
    ...(isReplaceable(times)
      ? []
      : ["the hook is a command, which this cannot write anew: let it wait so long"]),
  ].join("; ");
  const now = preStop === undefined ? 0 : preStop.seconds;
  const isChange = isReplaceable(times) && value > (now ?? 0);
  return { suggestion: { name, path, value, unit: "s", now, sum, isChange } };
}

/** A hook that does more than wait is the user's own. */
function isReplaceable({ facts: { preStop } }: MeasuredTimes): boolean {
  return preStop === undefined || (preStop.seconds !== undefined && preStop.stopsAppAfter === undefined);
}

/** The hook's time is part of the grace. A process that was killed would have taken longer than it had. */
function suggestGrace(times: MeasuredTimes, hookSeconds: number): Part {
  const { drained, killed, longestAnswerMs, facts } = times;
  const answer = upTo(longestAnswerMs);
  const hook = upTo(hookSeconds * 1000);
  const longestMs = Math.max(drained?.longestMs ?? 0, 2 * (killed?.longestMs ?? 0));
  const drain = Math.max(drainSeconds, upTo(longestMs) + answer);
  const value = hook + drain;
  const enough = (drained?.pods ?? 0) + (killed?.pods ?? 0) >= fewestTerminations;
  const sum = [
    `${hook} s of preStop + max(${drainSeconds} s, ${upTo(longestMs)} s + ${answer} s) = ${value} s`,
    ...(drained === undefined
      ? []
      : [`processes ended up to ${seconds(drained.longestMs)} after SIGTERM (${drained.pods} pods)`]),
    ...(killed === undefined
      ? []
      : [
          `${killed.pods} were killed ${seconds(killed.longestMs)} after it: twice that is a guess, let the app end by itself`,
        ]),
    `the slowest answer took ${seconds(longestAnswerMs)}`,
  ].join("; ");
  const suggestion: Suggestion = {
    name: "terminationGracePeriodSeconds",
    path: [...podPath, "terminationGracePeriodSeconds"],
    value,
    unit: "s",
    now: facts.graceSeconds,
    sum,
    isChange: value > facts.graceSeconds,
  };
  if (enough) return { suggestion };
  // A hook that is made longer needs its grace in any case, or the API server refuses both.
  const missing = `the drain in terminationGracePeriodSeconds: ${tooFew("end of a process", (drained?.pods ?? 0) + (killed?.pods ?? 0), times)}; ${drainSeconds} s are allowed for it`;
  return { suggestion, missing };
}

/** `minReadySeconds` holds no traffic back: it keeps an old pod until the new one is routed to. */
function suggestMinReady(times: MeasuredTimes, now: number): Part {
  const { routed, facts } = times;
  const name = "minReadySeconds";
  if (facts.recreate) return {};
  if (routed === undefined || routed.pods < fewestTerminations)
    return { missing: `${name}: ${tooFew("pod start", routed?.pods, times)}` };
  const value = Math.max(propagationSeconds, upTo(routed.longestMs) + marginSeconds);
  const sum = `max(${propagationSeconds} s, ${upTo(routed.longestMs)} s + ${marginSeconds} s) = ${value} s; the first answer of a new pod came up to ${seconds(routed.longestMs)} after it was ready (${routed.pods} pods)`;
  return {
    suggestion: { name, path: ["spec", name], value, unit: "s", now, sum, isChange: value > now },
  };
}

function suggestKeepAlive({ idleMs, edgeIdleMs, isStandIn }: MeasuredTimes): Part {
  if (isStandIn || idleMs === undefined || edgeIdleMs === undefined) return {};
  const value = edgeIdleMs + 5_000;
  const sum = `${seconds(edgeIdleMs)} + 5.0 s = ${seconds(value)}; the app closed idle connections after ${seconds(idleMs)}, and edges keep them for ${seconds(edgeIdleMs)} (Node: server.keepAliveTimeout = ${idleAbove(edgeIdleMs)})`;
  return {
    suggestion: {
      name: "keep-alive",
      path: undefined,
      value,
      unit: "ms",
      now: Math.round(idleMs),
      sum,
      isChange: false,
    },
  };
}

function tooFew(what: string, seen: number | undefined, { ends, isStandIn }: MeasuredTimes): string {
  if (what === "end of a process" && isStandIn) return "a stand-in ran, which ends in its own way";
  const many = what === "end of a process" ? "ends of processes" : `${what}s`;
  if (seen !== undefined && seen > 0)
    return `only ${seen} ${seen === 1 ? what : many} could be measured, and it takes ${fewestTerminations}; run it with more --rounds`;
  if (ends === 0) return "no pod ended";
  return what === "end of a process"
    ? "no end of a process could be seen"
    : "the answers do not name their pod; send its name in the header x-pod-name";
}

/** Whole seconds that are not shorter. */
function upTo(ms: number): number {
  return Math.ceil(ms / 1000);
}

const podPath: FieldPath = ["spec", "template", "spec"];
