/** Completion indexes as ranges in order, of which none touches the next: a Job may have a thousand million of them. */
export type IndexRanges = readonly IndexRange[];

interface IndexRange {
  readonly first: number;
  readonly last: number;
}

/** The ranges with more indexes in them, each a number or a range. */
export function withIndexes(ranges: IndexRanges, more: Iterable<number | IndexRange>): IndexRanges {
  const added = Array.from(more, (each) => (typeof each === "number" ? { first: each, last: each } : each));
  const merged: { first: number; last: number }[] = [];
  for (const { first, last } of [...ranges, ...added].toSorted((a, b) => a.first - b.first)) {
    const before = merged.at(-1);
    if (before === undefined || first > before.last + 1) merged.push({ first, last });
    else before.last = Math.max(before.last, last);
  }
  return merged;
}

/** How many indexes there are in the ranges. */
export function countIndexes(ranges: IndexRanges): number {
  return ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);
}

/** Whether an index is in one of the ranges. */
export function hasIndex(ranges: IndexRanges, index: number): boolean {
  return ranges.some(({ first, last }) => first <= index && index <= last);
}

/** How many indexes are in both. */
export function countShared(left: IndexRanges, right: IndexRanges): number {
  return left.reduce((sum, one) => {
    const shared = right.map(
      (other) => Math.min(one.last, other.last) - Math.max(one.first, other.first) + 1,
    );
    return sum + shared.reduce((total, count) => total + Math.max(0, count), 0);
  }, 0);
}

/** The first indexes below `completions` that are in none of the ranges, at most `count`. */
export function firstMissing(ranges: IndexRanges, count: number, completions: number): number[] {
  const missing: number[] = [];
  let candidate = 0;
  for (const { first, last } of [...ranges, { first: completions, last: completions }]) {
    for (; candidate < Math.min(first, completions) && missing.length < count; candidate += 1)
      missing.push(candidate);
    candidate = Math.max(candidate, last + 1);
  }
  return missing;
}

/**
 * Writes ranges as a Job's status has them: `0,2-4`. Two neighbours are written with a comma.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/job/indexed_job_utils.go (orderedIntervals)
 */
export function formatIndexes(ranges: IndexRanges): string {
  return ranges
    .map(({ first, last }) => {
      if (first === last) return String(first);
      return `${first}${last === first + 1 ? "," : "-"}${last}`;
    })
    .join(",");
}

/** Reads such a text; indexes that are not below `completions`, and what is no number, are left out. */
export function parseIndexes(text: string, completions: number): IndexRanges {
  const read = text.split(",").flatMap((part) => {
    const [, from, to = from] = /^(\d+)(?:-(\d+))?$/.exec(part) ?? [];
    if (from === undefined || Number(from) >= completions) return [];
    return [{ first: Number(from), last: Math.min(Number(to), completions - 1) }];
  });
  return withIndexes([], read);
}
