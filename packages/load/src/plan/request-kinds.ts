import type { RequestTemplate } from "./plan.ts";

/** What the requests of a plan are called in its report, where there are several: `GET /orders`, without the query. */
export function requestKinds(requests: readonly RequestTemplate[]): ReadonlyMap<RequestTemplate, string> {
  if (requests.length < 2) return new Map();
  const weights = new Map<string, number>();
  for (const request of requests) {
    const name = nameOf(request);
    weights.set(name, (weights.get(name) ?? 0) + (request.weight ?? 1));
  }
  const byWeight = [...weights].toSorted(([, left], [, right]) => right - left);
  const told = new Set(byWeight.slice(0, mostKinds).map(([name]) => name));
  return new Map(
    requests.map((request) => {
      const name = nameOf(request);
      return [request, told.has(name) ? name : otherKinds];
    }),
  );
}

/** A report tells of so many kinds, those with the greatest shares, one by one. */
export const mostKinds = 20;

/** All further kinds together. */
export const otherKinds = "(others)";

function nameOf({ method, path }: RequestTemplate): string {
  return path === undefined ? method : `${method} ${path.replace(/\?.*$/s, "")}`;
}
