import type { MixRequest } from "../requests/mix-request.ts";
import type { RequestPath } from "./request-path.ts";

/** A way to an app, found in the manifests. Whether it speaks HTTP, and what it answers, is asked later. */
export interface Route {
  readonly kind: "ingress" | "service";
  /** For people: `Ingress shop.example/api`, `HTTPRoute shop.example/api`, `Service shop:80`. */
  readonly label: string;
  readonly namespace: string;
  readonly service: string;
  /** The Service's port, and its name in the endpoints. */
  readonly port: number;
  readonly portName: string;
  /** How the cluster is asked to dial this port of the Service. */
  readonly dialPort: number | string;
  readonly hostHeader: string;
  /** Whether the edge has TLS at this host, so that its users come by it. */
  readonly hasTls?: boolean;
  /** Present where manifests say that gRPC is spoken: what is asked are calls of its methods. */
  readonly isGrpc?: true;
  /** What to ask for, best first. */
  readonly paths: readonly RequestPath[];
  /** Those of the wished requests that travel it. */
  readonly requests?: readonly RoutedRequest[];
  /** The Deployments whose pods answer. */
  readonly deployments: readonly string[];
  /** Routes of one group are alternatives, of which the first that works is taken. */
  readonly group: string;
}

/** A wished request on a route: its place among the wishes, and its path as the route and the app want it. */
export interface RoutedRequest extends RequestPath {
  readonly index: number;
}

/** What the settings say over what is found. */
export interface RouteWishes {
  readonly host?: string | undefined;
  /** The request path as a client of the Ingress writes it. */
  readonly path?: string | undefined;
  /** What users ask, as clients of the Ingress write it. */
  readonly requests?: readonly Pick<MixRequest, "method" | "path" | "host" | "grpc">[] | undefined;
  /** Also what no Deployment answers for, and headless Services: for a look at it, not for a trial. */
  readonly every?: boolean;
}
