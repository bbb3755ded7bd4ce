import type { MixRequest } from "../mix-request.ts";
import { mostRequests } from "../found-mix.ts";
import { mostShares, sharesOf } from "../shares-of.ts";
import type { CountedPath, RequestKind } from "./request-tally.ts";

/**
 * The requests of a mix, in which each kind has the share that it has of all: so many of its paths as it has shares, and as
 * there is room for. Kinds that are rarer than half a share are not in it.
 */
export function mixOfKinds(kinds: readonly RequestKind[]): {
  readonly requests: readonly MixRequest[];
  /** How many of the counted requests are of kinds that are in it. */
  readonly covered: number;
} {
  const total = sumOf(kinds);
  const frequent = kinds.filter(({ count }) => count * mostShares * 2 >= total).slice(0, mostRequests);
  const wanted = frequent.flatMap((kind) => pathsOf(kind, kind.count * Math.min(1, mostShares / total)));
  // The first path of each kind, then those that stand for most.
  const chosen = wanted
    .toSorted((left, right) => Number(right.isFirst) - Number(left.isFirst) || right.counts - left.counts)
    .slice(0, mostRequests);
  const ofKind = Map.groupBy(chosen, ({ kind }) => kind);
  const counts = chosen.map(({ kind, path }) =>
    Math.max(1, Math.round((kind.count * path.count) / sumOf(ofKind.get(kind)!.map((each) => each.path)))),
  );
  const shares = sharesOf(counts);
  const requests = chosen.map(({ kind: { method, host }, path }, index): MixRequest => ({
    method,
    path: path.path,
    ...(host === undefined ? {} : { host }),
    weight: shares[index]!,
    ...goodOf(path),
    isFound: true,
  }));
  return { requests, covered: sumOf(frequent) };
}

/** The most frequent paths of a kind, no more than it has shares. */
function pathsOf(kind: RequestKind, shares: number) {
  const { count, paths } = kind;
  const all = sumOf(paths);
  return paths
    .slice(0, Math.max(1, Math.floor(shares)))
    .map((path, index) => ({ kind, path, isFirst: index === 0, counts: (count * path.count) / all }));
}

/** That the server gave up waiting, that there were too many, and (nginx) that the client went away. */
const accidents = new Set([408, 429, 499]);

/** Refusals that a tenth of a path's answers had are what it answers, beside what is good anyway; a rarer one is an accident. */
function goodOf({ count, refusals }: CountedPath): Pick<MixRequest, "status"> {
  const usual = [...refusals]
    .filter(([status, times]) => times * 10 >= count && !accidents.has(status))
    .map(([status]) => [status, status] as const);
  return usual.length === 0 ? {} : { status: [[200, 399], ...usual] };
}

function sumOf(counted: readonly { readonly count: number }[]): number {
  return counted.reduce((sum, { count }) => sum + count, 0);
}
