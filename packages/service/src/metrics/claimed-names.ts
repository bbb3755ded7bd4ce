import { familyName } from "./exposition.ts";
import type { Family } from "./family.ts";

/**
 * The names of a family and of its samples, which must not be those of another. Throws a `TypeError` when the formats do
 * not allow the name: https://prometheus.io/docs/specs/om/open_metrics_spec/#suffixes
 */
export function claimedNames(family: Family): ReadonlySet<string> {
  const { name, type } = family;
  if (!/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name)) throw new TypeError(`${name} is not a metric name`);
  const base = familyName(family);
  const samples = suffixes[type].map((suffix) => base + suffix);
  if (type !== "histogram" && name !== samples[0])
    throw new TypeError(
      `${name} is not a name for a metric of the type ${type}: it ends in ${suffixes[type][0]}`,
    );
  return new Set([base, ...samples]);
}

const suffixes = {
  counter: ["_total"],
  gauge: [""],
  info: ["_info"],
  histogram: ["_bucket", "_sum", "_count"],
} as const;
