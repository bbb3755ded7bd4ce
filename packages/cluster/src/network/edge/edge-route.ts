import type { Affinity } from "./pods/affinity.ts";
import type { OwnAnswer, ProxyBehavior } from "./proxy-behavior.ts";
import type { EdgeRequest } from "./requests/edge-request.ts";
import type { HeaderChanges } from "./requests/header-changes.ts";

/** A rule by which the edge routes, whatever object it was made of. */
export interface EdgeRoute {
  /** The object, for people: `default/web`. */
  readonly source: string;
  /** In lower case; `*.example` stands for exactly one more label, `**.example` for one or more, "" for every host. */
  readonly host: string;
  /** Only requests that came by it; both when absent. */
  readonly scheme?: "http" | "https";
  readonly match: PathMatch;
  /** What a request must be besides; anything when absent. */
  readonly accepts?: (request: EdgeRequest) => boolean;
  /** What the edge answers itself in place of a pod: a redirect, for example. */
  readonly answer?: (request: EdgeRequest) => OwnAnswer | undefined;
  /** How the path is written for the pod; as it came when absent. */
  readonly rewritePath?: (path: string) => string;
  /** The Host header for the pod; the client's when absent. */
  readonly rewriteHost?: string;
  readonly requestHeaders?: HeaderChanges;
  readonly responseHeaders?: (request: EdgeRequest) => HeaderChanges | undefined;
  /** Requests are shared out among these by weight. */
  readonly backends: readonly WeightedBackend[];
  /** Who gets a copy of requests; nobody hears their answers. */
  readonly mirrors?: readonly Mirror[];
  /** How clients come back to their pods; not at all when absent. */
  readonly affinity?: Affinity;
  /** How pods are spoken to; HTTP/1.1 when absent. */
  readonly protocol?: PodProtocol;
  /** How the proxy behaves on this route. */
  readonly behavior: ProxyBehavior;
}

/** What pods can speak: HTTP/1.1, the same in TLS, HTTP/2 with prior knowledge. */
export type PodProtocol = "http" | "https" | "h2c";

/** Which paths a route takes. */
export type PathMatch =
  | { readonly kind: "any" }
  | { readonly kind: "exact" | "element-prefix" | "string-prefix"; readonly path: string }
  | { readonly kind: "regex"; readonly regex: RegExp };

/** A Service's port, or an answer in its place because it cannot be used. */
export type WeightedBackend = ServiceBackend | AnsweringBackend;

/** What answers in the place of a backend that cannot be used. */
export interface AnsweringBackend {
  readonly service?: undefined;
  readonly weight: number;
  readonly answer: OwnAnswer;
}

/** A Service's port. */
export interface ServiceBackend {
  readonly answer?: undefined;
  readonly namespace: string;
  readonly service: string;
  /** The number or the name of the Service's port. */
  readonly port: number | string;
  readonly weight: number;
  readonly requestHeaders?: HeaderChanges;
  readonly responseHeaders?: HeaderChanges;
}

/** A Service that gets copies of so many of the requests. */
export interface Mirror {
  readonly backend: ServiceBackend;
  /** From 0 to 1. */
  readonly share: number;
}

/** All that an edge routes by. Of the routes of a host the first that matches is taken, so the best stand first. */
export interface EdgeRoutes {
  readonly routes: readonly EdgeRoute[];
  /** For what no route of its host takes. */
  readonly fallback: EdgeRoute | undefined;
}
