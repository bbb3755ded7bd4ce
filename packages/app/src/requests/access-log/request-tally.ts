import { kindOfPath } from "./kind-of-path.ts";
import type { LoggedRequest } from "./logged-request.ts";

/** Requests that differ in IDs and in the values of their queries only. */
export interface RequestKind {
  readonly method: string;
  readonly host: string | undefined;
  readonly count: number;
  /** The paths that were asked most, most frequent first: some of them where there are many. */
  readonly paths: readonly CountedPath[];
}

/** A path, how often it was asked, and how often it was answered with each status from 400 to 499. */
export interface CountedPath {
  readonly path: string;
  readonly count: number;
  readonly refusals: ReadonlyMap<number, number>;
}

/** Counts requests in bounded memory: of too many kinds or paths the rarer ones are forgotten, with their counts. */
export interface RequestTally {
  add(request: LoggedRequest): void;
  /** Most frequent first. */
  kinds(): RequestKind[];
}

/** How many are remembered at once. */
export const tallyLimits = { kinds: 4_096, paths: 16 };

interface OpenKind {
  readonly method: string;
  readonly host: string | undefined;
  count: number;
  readonly paths: Map<string, { count: number; readonly refusals: Map<number, number> }>;
}

/** Starts a tally. */
export function createRequestTally(limits = tallyLimits): RequestTally {
  const kinds = new Map<string, OpenKind>();
  return {
    add({ method, path, host, status }) {
      const kind = entryOf(kinds, `${method} ${host ?? ""} ${kindOfPath(path)}`, limits.kinds, () => ({
        method: kept(method),
        host: host === undefined ? undefined : kept(host),
        count: 0,
        paths: new Map(),
      }));
      kind.count += 1;
      const counted = entryOf(kind.paths, path, limits.paths, () => ({ count: 0, refusals: new Map() }));
      counted.count += 1;
      if (status !== undefined && status >= 400 && status < 500)
        counted.refusals.set(status, (counted.refusals.get(status) ?? 0) + 1);
    },
    kinds: () =>
      [...kinds.values()].toSorted(byCount).map(({ paths, ...kind }) => ({
        ...kind,
        paths: [...paths].map(([path, counted]) => ({ path, ...counted })).toSorted(byCount),
      })),
  };
}

/** The entry of a key, made when it is new, for which others may have to go. */
function entryOf<T extends { readonly count: number }>(
  map: Map<string, T>,
  key: string,
  limit: number,
  make: () => T,
): T {
  const known = map.get(key);
  if (known !== undefined) return known;
  if (map.size >= limit) forgetRare(map);
  const made = make();
  map.set(kept(key), made);
  return made;
}

/** Forgets what came once, or where that is little, the rarer half. */
function forgetRare(map: Map<string, { readonly count: number }>): void {
  const before = map.size;
  for (const [key, { count }] of map) if (count === 1) map.delete(key);
  if (map.size <= before / 2) return;
  const byRank = [...map].toSorted(([, left], [, right]) => right.count - left.count);
  for (const [key] of byRank.slice(Math.ceil(before / 2))) map.delete(key);
}

/** A copy: a part of a text would keep the whole text alive. */
function kept(text: string): string {
  return Buffer.from(text).toString();
}

function byCount(left: { readonly count: number }, right: { readonly count: number }): number {
  return right.count - left.count;
}
