import type { PathRule } from "./request-path.ts";

/** A rule of an edge that leads from a host and paths to a Service, whatever object says so. */
export interface FrontRule extends PathRule {
  /** For people: `Ingress shop.example/api`. */
  readonly label: string;
  readonly namespace: string;
  /** undefined for every host. */
  readonly host: string | undefined;
  /** Whether the edge has TLS at this host. */
  readonly hasTls: boolean;
  /** Whether the rule itself says that gRPC is spoken. */
  readonly isGrpc: boolean;
  /** undefined for what is no Service. */
  readonly service: ServicePortName | undefined;
  /** Where the edge sends requests of `/` by itself. */
  readonly appRoot?: string | undefined;
  /** Other Services of the namespace that get a share of the requests. */
  readonly besides: readonly string[];
}

/** A port of a Service, by its number or its name. */
export interface ServicePortName {
  readonly name: string;
  readonly port: { readonly number?: number | undefined; readonly name?: string | undefined };
}
