import type { ProxyBehavior } from "./proxy-behavior.ts";

/** A rule by which the edge routes, whatever object it was made of. */
export interface EdgeRoute {
  /** The object, for people: `default/web`. */
  readonly source: string;
  /** In lower case; `*.example` stands for exactly one more label, "" for every host. */
  readonly host: string;
  readonly match: PathMatch;
  /** How the path is written for the pod; as it came when absent. */
  readonly rewritePath?: (path: string) => string;
  /** Requests are shared out among these by weight. */
  readonly backends: readonly WeightedBackend[];
  /** How the proxy behaves on this route. */
  readonly behavior: ProxyBehavior;
}

/** Which paths a route takes. */
export type PathMatch =
  | { readonly kind: "any" }
  | { readonly kind: "exact" | "element-prefix" | "string-prefix"; readonly path: string }
  | { readonly kind: "regex"; readonly regex: RegExp };

/** A Service's port. */
export interface WeightedBackend {
  readonly namespace: string;
  readonly service: string;
  /** The number or the name of the Service's port. */
  readonly port: number | string;
  readonly weight: number;
}

/** All that an edge routes by. Of the routes of a host the first that matches is taken, so the best stand first. */
export interface EdgeRoutes {
  readonly routes: readonly EdgeRoute[];
  /** For what no route of its host takes. */
  readonly fallback: EdgeRoute | undefined;
}
