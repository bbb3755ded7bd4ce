import type { Course } from "./timeline/course.ts";
import { lossCauses, type Loss } from "./losses.ts";
import { podMoments } from "./pod-moments.ts";
import type { SavedRun } from "./saved-run.ts";
import type { StreamMoment } from "./stream-moments.ts";
import { plot } from "./timeline/timeline-picture.ts";

/** What the page's script knows, as the text of a data block. It holds no header, no body, and nothing of Secrets, as the run has none. */
export function pageData(
  run: SavedRun,
  losses: readonly Loss[],
  moments: readonly StreamMoment[],
  course: Course | undefined,
): string {
  const { startedAt, endedAt } = run.load;
  const since = (at: number) => Math.round((at - startedAt) * 10) / 10;
  const named = new Set(losses.flatMap(({ pod, deletedPod }) => [pod, deletedPod]));
  const pods = run.timeline.pods.filter(({ name }) => named.has(name));
  const numbers = new Map(pods.map(({ name }, at) => [name, at]));
  const others = moments.filter(({ end }) => end !== "broken");
  const texts = new Map([...new Set(others.map((each) => wordsOf(each)))].map((text, at) => [text, at]));
  const data = {
    endMs: endedAt - startedAt,
    left: plot.left,
    right: plot.right,
    causes: lossCauses(run).map(({ name, why, fix }) => ({ cause: name, why, fix })),
    pods: pods.map((pod) => ({
      name: pod.name,
      moments: podMoments(pod, run, moments).map(({ at, text }) => [since(at), text]),
    })),
    losses: losses.map(({ atMs, cause, pod, deletedPod, sinceDeletionMs, what, how, times, stream }) => [
      Math.round(atMs * 10) / 10,
      cause,
      numbers.get(pod ?? "") ?? -1,
      numbers.get(deletedPod ?? "") ?? -1,
      sinceDeletionMs,
      what,
      how,
      times === undefined
        ? null
        : [since(times.dueAt), times.sentAfterMs, times.doneAfterMs, times.reusedConnection ? 1 : 0],
      // How long the client of a broken stream was without one, for ever where that is null. A request has no such value.
      ...(stream === undefined ? [] : [stream.withoutMs]),
    ]),
    // Many of them have the same words.
    texts: [...texts.keys()],
    moments: others.map((each) => [
      since(each.at),
      each.end === "refused" ? "unopened" : each.end,
      texts.get(wordsOf(each)),
    ]),
    binMs: course?.binMs ?? 0,
    bins: (course?.bins ?? []).map(({ ok, lost, p50Ms = 0, p99Ms = 0 }) => [
      ok,
      lost,
      Number(p50Ms.toPrecision(3)),
      Number(p99Ms.toPrecision(3)),
    ]),
  };
  // A text must not end the block, nor begin a comment in it.
  return JSON.stringify(data)
    .replaceAll("<", "\\u003c")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}

function wordsOf({ text, pod }: StreamMoment): string {
  return pod === null ? text : `${text}, pod ${pod}`;
}
