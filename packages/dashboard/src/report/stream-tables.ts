import { countText, folded, msText, table } from "@seaworthy/load";
import type { StreamsVerdict } from "@seaworthy/trial";
import type { StreamMoment } from "./stream-moments.ts";

const mostRows = 500;

/** How streams ended, kind by kind and moment by moment, and each broken one. Times count from `startedAt`. */
export function streamTables(
  { kinds, breaks }: StreamsVerdict,
  moments: readonly StreamMoment[],
  startedAt: number,
): string {
  const since = (at: number) => `${((at - startedAt) / 1_000).toFixed(2)} s`;
  const kindRows = kinds.map((each) => [
    each.kind,
    each.target,
    each.path,
    ...[each.connections, each.opened, each.announced, each.broken, each.refused].map((value) =>
      countText(value),
    ),
    msText(each.longestWithoutMs),
  ]);
  const breakRows = breaks
    .slice(0, mostRows)
    .map((each) => [
      since(Date.parse(each.at)),
      each.scenario ?? "",
      `${each.kind} ${each.target} ${each.path}`,
      each.detail,
      each.pod ?? "",
      each.sinceDeletionMs === null ? "" : msText(each.sinceDeletionMs),
      each.cause,
      each.withoutMs === null ? "to the end" : msText(each.withoutMs),
    ]);
  const kindTable = table(
    "How streams ended that were held open",
    ["kind", "target", "path", "#held", "#opened", "#announced", "#broken", "#refused", "#longest without"],
    kindRows,
  );
  const breakTable = table(
    "Broken streams",
    ["at", "scenario", "stream", "how", "pod", "#after its deletion", "cause", "#without"],
    breakRows,
  );
  const momentRows = moments.slice(0, mostRows).map(({ at, text, pod }) => [since(at), text, pod ?? ""]);
  const momentTable = table("When streams ended, or were refused", ["at", "what", "pod"], momentRows);
  return (
    kindTable +
    (moments.length === 0 ? "" : folded(`when they ended${firstOf(moments)}`, momentTable)) +
    (breaks.length === 0 ? "" : folded(`each broken stream${firstOf(breaks)}`, breakTable))
  );
}

function firstOf({ length }: readonly unknown[]): string {
  return length <= mostRows ? "" : `, the first ${countText(mostRows)} of ${countText(length)}`;
}
