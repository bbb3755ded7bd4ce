/** A metav1.Time: RFC 3339 in UTC with whole seconds, which is all the resolution that Kubernetes keeps. */
export function timestamp(ms: number): string {
  const second = Math.floor(ms / 1000);
  if (second !== last.second) last = { second, text: `${new Date(ms).toISOString().slice(0, -5)}Z` };
  return last.text;
}

/** Within a second all writes have the same time. */
let last = { second: Number.NaN, text: "" };

/** Milliseconds since the epoch of a metav1.Time, or undefined when it is absent or not a time. */
export function parseTimestamp(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}
