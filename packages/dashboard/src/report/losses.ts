import type { Failure } from "@seaworthy/trial";
import type { LossTimes, SavedRun } from "./saved-run.ts";

/** A lost request in the page: the failure, its place in the list, its cause's place, and its moment after the start. */
export interface Loss {
  readonly index: number;
  readonly failure: Failure;
  /** Its cause's place among the run's causes. */
  readonly cause: number;
  readonly atMs: number;
  readonly times: LossTimes | undefined;
  readonly shape: Shape;
}

/** How a loss is marked, so that colour is never the only sign. */
export type Shape = "refused" | "cut" | "timeout" | "answer" | "killed";

/** Each shape with what it stands for and how it is drawn around its middle. */
export const shapes: Readonly<Record<Shape, readonly [text: string, path: string]>> = {
  refused: ["refused", "M0-5L5 4H-5Z"],
  cut: ["connection cut", "M-4-4L4 4M-4 4L4-4"],
  timeout: ["no answer in time", "M0-5L5 0L0 5L-5 0Z"],
  answer: ["bad answer", "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0"],
  killed: ["cut by SIGKILL", "M-4-4H4V4H-4Z"],
};

/** The lost requests in the order of their moments. */
export function lossesOf({ failures, causes, load }: SavedRun): Loss[] {
  return failures
    .map((failure, at) => ({
      failure,
      cause: Math.max(0, causeOf(failure, causes)),
      atMs: Date.parse(failure.at) - load.startedAt,
      times: load.losses?.[at],
      shape: shapeOf(failure),
    }))
    .toSorted((left, right) => left.atMs - right.atMs)
    .map((loss, index) => ({ index, ...loss }));
}

/** Two Deployments may have the same cause with other advice. */
function causeOf({ cause, advice }: Failure, causes: SavedRun["causes"]): number {
  const exact = causes.findIndex((each) => each.cause === cause && each.advice.text === advice);
  return exact >= 0 ? exact : causes.findIndex((each) => each.cause === cause);
}

function shapeOf({ cause, class: name }: Failure): Shape {
  if (cause === "killed-by-grace") return "killed";
  if (name === "refused" || name === "unreachable") return "refused";
  if (name.endsWith("-timeout")) return "timeout";
  return name.startsWith("reset-") || name.startsWith("closed-") || name === "tls-failure" ? "cut" : "answer";
}

/** A mark for each loss; those of one cause that would cover each other become one, which bounds the size of the page. */
export function lossMarks(
  losses: readonly Loss[],
  place: (loss: Loss) => readonly [x: number, y: number] | undefined,
): string {
  const seen = new Set<string>();
  return losses
    .map((loss) => {
      const at = place(loss);
      if (at === undefined) return "";
      const spot = `x="${Math.round(at[0])}" y="${Math.round(at[1])}"`;
      const key = `${spot} ${loss.shape} ${loss.cause}`;
      if (seen.has(key)) return "";
      seen.add(key);
      return `<use href="#m-${loss.shape}" ${spot} class="loss c${loss.cause}" data-i="${loss.index}"/>`;
    })
    .join("");
}
