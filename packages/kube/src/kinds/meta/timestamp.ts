/** A metav1.Time: RFC 3339 in UTC with whole seconds, which is all the resolution that Kubernetes keeps. */
export function timestamp(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, "Z");
}

/** Milliseconds since the epoch of a metav1.Time, or undefined when it is absent or not a time. */
export function parseTimestamp(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}
