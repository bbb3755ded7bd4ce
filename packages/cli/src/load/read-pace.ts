import { SeaworthyError } from "@seaworthy/errors";
import type { Pace, Stage } from "@seaworthy/load";
import type { FlagValues } from "../command.ts";
import { durationFlag, durationMs, listFlag, numberFlag } from "../flag-values.ts";

const highestRate = 500_000;
const longestMs = 7 * 24 * 3_600_000;
const usualRate = 100;
const usualMs = 10_000;

/** When requests are sent, by `--rate`, `--duration`, `--stage`, `--requests`, `--poisson` and `--concurrency`. */
export function readPace(flags: FlagValues): Pace {
  const concurrency = numberFlag(flags, "concurrency", { min: 1, max: 65_536 });
  const duration = durationFlag(flags, "duration", longestMs);
  const requests = numberFlag(flags, "requests", { min: 1, max: 1e12 });
  if (concurrency !== undefined)
    return {
      kind: "closed",
      concurrency,
      durationMs: duration ?? (requests === undefined ? usualMs : longestMs),
    };
  const stages = listFlag(flags, "stage").map((text) => readStage(text));
  if (stages.length > 0 && stages.every(({ fromRate, toRate }) => fromRate + toRate === 0))
    throw badStage(listFlag(flags, "stage")[0]!);
  const rate = numberFlag(flags, "rate", { min: 0.001, max: highestRate, whole: false }) ?? usualRate;
  return {
    kind: "open",
    arrivals: flags["poisson"] === true ? "poisson" : "constant",
    stages:
      stages.length > 0
        ? stages
        : [{ fromRate: rate, toRate: rate, durationMs: duration ?? timeFor(requests, rate) }],
  };
}

/** Long enough for so many requests, also when they come at random times; the run ends with the last one. */
function timeFor(requests: number | undefined, rate: number): number {
  if (requests === undefined) return usualMs;
  return Math.min(longestMs, ((requests + 10 * Math.sqrt(requests) + 10) / rate) * 1000);
}

/** `100:30s` stays at 100/s for 30 s, `100..500:30s` rises evenly. */
function readStage(text: string): Stage {
  const match = /^(\d+(?:\.\d+)?)(?:\.\.(\d+(?:\.\d+)?))?:(.+)$/.exec(text);
  const ms = durationMs(match?.[3] ?? "") ?? 0;
  const fromRate = Number(match?.[1]);
  const toRate = Number(match?.[2] ?? match?.[1]);
  if (fromRate <= highestRate && toRate <= highestRate && ms > 0 && ms <= longestMs)
    return { fromRate, toRate, durationMs: ms };
  throw badStage(text);
}

function badStage(text: string): SeaworthyError {
  return new SeaworthyError("SW1002", `--stage cannot be ${text}`, {
    field: "--stage",
    next: [
      "stay at a rate: --stage 100:30s",
      "go from one to another: --stage 100..500:30s",
      `rates are requests per second, up to ${highestRate}`,
    ],
  });
}
