import type { FrontRule } from "./front-rule.ts";
import { leadsHere } from "./leads-here.ts";
import { appPathOf, type RequestPath } from "./request-path.ts";
import type { Route, RoutedRequest, RouteWishes } from "./route.ts";

/** The wished requests that a rule of the edge takes. A host counts where a rule names it: a recorded one may be of elsewhere. */
export function requestsUnder(
  rule: FrontRule,
  rules: readonly FrontRule[],
  { requests = [] }: RouteWishes,
): RoutedRequest[] {
  return requests.flatMap(({ path, host }, index) => {
    const isElsewhere =
      host !== undefined && !takesHost(rule, host) && rules.some((each) => takesHost(each, host));
    const appPath = isElsewhere || !leadsHere(rule, path, rules) ? undefined : appPathOf(rule, path);
    return appPath === undefined ? [] : [{ index, path, appPath }];
  });
}

/** Those that a route can carry: calls of gRPC where gRPC is spoken, and all others elsewhere. */
export function spokenThere(
  requests: readonly RoutedRequest[],
  isGrpc: boolean,
  { requests: wished = [] }: RouteWishes,
): RoutedRequest[] {
  return requests.filter(({ index }) => (wished[index]?.grpc === true) === isGrpc);
}

/** The same requests as somebody sends them who asks the Service behind the edge. */
export function behindEdge({ requests = [] }: Route): RoutedRequest[] {
  return requests.map(({ index, appPath }) => ({ index, path: appPath, appPath }));
}

/** The wished requests that no rule of the edge takes: they can only be meant for Services that it does not lead to. */
export function untakenRequests(
  fronts: readonly Route[],
  { requests: wished = [] }: RouteWishes,
): RoutedRequest[] {
  const taken = new Set(fronts.flatMap(({ requests = [] }) => requests.map(({ index }) => index)));
  return wished.flatMap(({ path }, index) => (taken.has(index) ? [] : [{ index, path, appPath: path }]));
}

function takesHost({ host: own }: FrontRule, host: string): boolean {
  if (own === undefined) return false;
  return own.startsWith("*.") ? host.endsWith(own.slice(1)) : own === host;
}

const mostReading = 3;

/** Paths that users read, and methods that they call: what is asked first to find out whether a route can be judged. */
export function readingPaths(
  requests: readonly RoutedRequest[],
  { requests: wished = [] }: RouteWishes,
): RequestPath[] {
  return requests
    .filter(({ index }) => wished[index]?.method === "GET" || wished[index]?.grpc === true)
    .slice(0, mostReading)
    .map(({ path, appPath }) => ({ path, appPath }));
}
