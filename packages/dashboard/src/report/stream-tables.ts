import { countText, folded, msText, table } from "@seaworthy/load";
import type { StreamsVerdict } from "@seaworthy/trial";

/** How streams ended, kind by kind, and each broken one. */
export function streamTables({ kinds, breaks }: StreamsVerdict): string {
  const kindRows = kinds.map((each) => [
    each.kind,
    each.target,
    each.path,
    ...[each.connections, each.opened, each.announced, each.broken].map((value) => countText(value)),
    msText(each.longestWithoutMs),
  ]);
  const breakRows = breaks.map((each) => [
    each.at,
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
    ["kind", "target", "path", "#held", "#opened", "#announced", "#broken", "#longest without"],
    kindRows,
  );
  const breakTable = table(
    "Broken streams",
    ["at", "scenario", "stream", "how", "pod", "#after its deletion", "cause", "#without"],
    breakRows,
  );
  return kindTable + (breaks.length === 0 ? "" : folded("each broken stream", breakTable));
}
