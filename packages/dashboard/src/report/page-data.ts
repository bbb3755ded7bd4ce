import type { Course } from "./course.ts";
import type { Loss } from "./losses.ts";
import { podMoments } from "./pod-moments.ts";
import type { SavedRun } from "./saved-run.ts";
import { plot } from "./timeline-picture.ts";

/** What the page's script knows, as the text of a data block. It holds no header, no body, and nothing of Secrets, as the run has none. */
export function pageData(run: SavedRun, losses: readonly Loss[], course: Course | undefined): string {
  const { startedAt, endedAt } = run.load;
  const since = (at: number) => Math.round((at - startedAt) * 10) / 10;
  const named = new Set(losses.flatMap(({ failure }) => [failure.pod, failure.deletedPod]));
  const pods = run.timeline.pods.filter(({ name }) => named.has(name));
  const numbers = new Map(pods.map(({ name }, at) => [name, at]));
  const data = {
    endMs: endedAt - startedAt,
    left: plot.left,
    right: plot.right,
    causes: run.causes.map(({ cause, advice }) => ({ cause, why: advice.why, fix: advice.text })),
    pods: pods.map((pod) => ({
      name: pod.name,
      moments: podMoments(pod, run).map(({ at, text }) => [since(at), text]),
    })),
    losses: losses.map(({ atMs, cause, failure, times }) => [
      Math.round(atMs * 10) / 10,
      cause,
      numbers.get(failure.pod ?? "") ?? -1,
      numbers.get(failure.deletedPod ?? "") ?? -1,
      failure.sinceDeletionMs,
      [failure.method, failure.target, failure.client].join(" "),
      [failure.class, failure.status, failure.detail].filter((part) => part !== undefined).join(" "),
      times === undefined
        ? null
        : [since(times.dueAt), times.sentAfterMs, times.doneAfterMs, times.reusedConnection ? 1 : 0],
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
