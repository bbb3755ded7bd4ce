import type { PodLife } from "../timeline/timeline.ts";

/** When the first pod came that was not there before; undefined while there is none. `before` has UIDs. */
export function firstNewAt(
  pods: readonly Pick<PodLife, "uid" | "seenAt">[],
  before: readonly string[],
): number | undefined {
  const moments = pods.filter(({ uid }) => !before.includes(uid)).map(({ seenAt }) => seenAt);
  return moments.length === 0 ? undefined : Math.min(...moments);
}
