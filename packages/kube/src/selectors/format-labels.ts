/** Labels in the order of their keys, as kubectl shows them: `a=b,c=d`, or `<none>`. */
export function formatLabels(labels: unknown): string {
  const entries = Object.entries((labels ?? {}) as Record<string, string>).toSorted(([a], [b]) =>
    a < b ? -1 : 1,
  );
  return entries.map(([key, value]) => `${key}=${value}`).join(",") || "<none>";
}
