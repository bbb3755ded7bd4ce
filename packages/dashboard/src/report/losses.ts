import { isUnavoidable, streamAdvice, type Failure, type StreamBreak } from "@seaworthy/trial";
import type { LossTimes, SavedRun } from "./saved-run.ts";

/** A lost request, or a broken stream, in the page. */
export interface Loss {
  /** Its place among all of them, in the order of their moments. */
  readonly index: number;
  /** Its place in `lossCauses`. */
  readonly cause: number;
  readonly causeName: string;
  /** After the start of the run. */
  readonly atMs: number;
  readonly pod: string | null;
  readonly deletedPod: string | null;
  readonly sinceDeletionMs: number | null;
  /** What was asked, where and by whom. */
  readonly what: string;
  /** How it was lost, in the words of who lost it. */
  readonly how: string;
  readonly shape: Shape;
  /** Of a request, where the file keeps them. */
  readonly times: LossTimes | undefined;
  /** Of a stream. */
  readonly stream?: StreamBreak;
}

/** Why something was lost, and what would have saved it. Requests and streams of one cause need different things. */
export interface LossCause {
  readonly name: string;
  readonly ofStreams: boolean;
  readonly count: number;
  readonly why: string;
  readonly fix: string;
}

/** How something that is marked went, so that colour is never the only sign. */
export type Shape = "refused" | "cut" | "timeout" | "answer" | "killed" | "broken" | "announced" | "unopened";

/** Each shape with what it stands for and how it is drawn around its middle. */
export const shapes: Readonly<Record<Shape, readonly [text: string, path: string]>> = {
  refused: ["refused", "M0-5L5 4H-5Z"],
  cut: ["connection cut", "M-4-4L4 4M-4 4L4-4"],
  timeout: ["no answer in time", "M0-5L5 0L0 5L-5 0Z"],
  answer: ["bad answer", "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0"],
  killed: ["cut by SIGKILL", "M-4-4H4V4H-4Z"],
  broken: ["stream broken", "M-6-5L6 5V-5L-6 5Z"],
  announced: ["end of streams announced", "M-4 0L-1 3.5L4-4"],
  unopened: ["stream refused", "M0-5L5 4H-5Z"],
};

/** Lost requests and broken streams in the order of their moments. */
export function lossesOf(run: SavedRun): Loss[] {
  const causes = lossCauses(run);
  const requests = run.failures.map((failure, at) => requestLoss(failure, run.load.losses?.[at], run));
  const streams = (run.streams?.breaks ?? []).map((stream) => streamLoss(stream, causes, run));
  return [...requests, ...streams]
    .toSorted((left, right) => left.atMs - right.atMs)
    .map((loss, index) => ({ index, ...loss }));
}

/** The causes of lost requests as the verdict has them, and after them those of broken streams. */
export function lossCauses({ causes, streams }: SavedRun): LossCause[] {
  const ofStreams = Map.groupBy(streams?.breaks ?? [], ({ cause }) => cause);
  return [
    ...causes.map(({ cause, count, advice }) => ({
      name: cause,
      ofStreams: false,
      count,
      why: advice.why,
      fix: advice.text,
    })),
    ...[...ofStreams].map(([cause, { length }]) => ({
      name: cause,
      ofStreams: true,
      count: length,
      why: isUnavoidable(cause)
        ? "the trial itself ended what held the stream, so it counts against nobody"
        : streamAdvice,
      fix: "",
    })),
  ];
}

function requestLoss(
  failure: Failure,
  times: LossTimes | undefined,
  { causes, load }: SavedRun,
): Omit<Loss, "index"> {
  const { cause, pod, deletedPod, sinceDeletionMs, request, method, target, client } = failure;
  return {
    cause: Math.max(0, causeOf(failure, causes)),
    causeName: cause,
    atMs: Date.parse(failure.at) - load.startedAt,
    pod,
    deletedPod,
    sinceDeletionMs,
    what: `${request ?? method} ${target}, ${client}`,
    how: [failure.class, failure.status, failure.detail].filter((part) => part !== undefined).join(" "),
    shape: shapeOf(failure),
    times,
  };
}

/** Two Deployments may have the same cause with other advice. */
function causeOf({ cause, advice }: Failure, causes: SavedRun["causes"]): number {
  const exact = causes.findIndex((each) => each.cause === cause && each.advice.text === advice);
  return exact >= 0 ? exact : causes.findIndex((each) => each.cause === cause);
}

function streamLoss(
  stream: StreamBreak,
  causes: readonly LossCause[],
  { load }: SavedRun,
): Omit<Loss, "index"> {
  const { kind, target, path, detail, pod, sinceDeletionMs, cause } = stream;
  return {
    cause: causes.findIndex(({ name, ofStreams }) => ofStreams && name === cause),
    causeName: cause,
    atMs: Date.parse(stream.at) - load.startedAt,
    pod,
    deletedPod: sinceDeletionMs === null ? null : pod,
    sinceDeletionMs,
    what: `${kind} stream of ${target} ${path}`,
    how: detail,
    shape: "broken",
    times: undefined,
    stream,
  };
}

function shapeOf({ cause, class: name }: Failure): Shape {
  if (cause === "killed-by-grace") return "killed";
  if (name === "refused" || name === "unreachable") return "refused";
  if (name.endsWith("-timeout")) return "timeout";
  return name.startsWith("reset-") || name.startsWith("closed-") || name === "tls-failure" ? "cut" : "answer";
}
