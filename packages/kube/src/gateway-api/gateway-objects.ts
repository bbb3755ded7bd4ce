import type { Condition, KubeObject } from "../object.ts";
import type { ServedType } from "../kinds/kinds.ts";

/** The objects of the Gateway API as far as our edge reads them (sigs.k8s.io/gateway-api/apis/v1). */
export interface GatewayClass extends KubeObject {
  spec: { controllerName: string; description?: string };
  status?: { conditions?: Condition[] };
}

/** Where an edge listens, and for which hosts. */
export interface Gateway extends KubeObject {
  spec: { gatewayClassName: string; listeners: GatewayListener[] };
  status?: GatewayStatus;
}

export interface GatewayListener {
  readonly name: string;
  readonly hostname?: string;
  readonly port: number;
  readonly protocol: string;
  readonly tls?: { readonly mode?: string; readonly certificateRefs?: readonly GatewayReference[] };
  readonly allowedRoutes?: {
    readonly namespaces?: { readonly from?: string; readonly selector?: LabelSelectorLike };
    readonly kinds?: readonly { readonly group?: string; readonly kind: string }[];
  };
}

interface LabelSelectorLike {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: {
    readonly key: string;
    readonly operator: string;
    readonly values?: string[];
  }[];
}

export interface GatewayStatus {
  addresses?: { type: string; value: string }[];
  conditions?: Condition[];
  listeners?: {
    name: string;
    supportedKinds: { group: string; kind: string }[];
    attachedRoutes: number;
    conditions: Condition[];
  }[];
}

/** Another object by its name; of the same namespace when it names none. */
export interface GatewayReference {
  readonly group?: string;
  readonly kind?: string;
  readonly name: string;
  readonly namespace?: string;
}

/** The Gateway, and perhaps the listener, that a route wants to be attached to. */
export interface ParentReference extends GatewayReference {
  readonly sectionName?: string;
  readonly port?: number;
}

/** What HTTPRoutes and GRPCRoutes have in common. */
export interface GatewayRoute<Rule = HttpRouteRule | GrpcRouteRule> extends KubeObject {
  spec: { parentRefs?: ParentReference[]; hostnames?: string[]; rules?: Rule[] };
  status?: { parents: RouteParentStatus[] };
}

export interface RouteParentStatus {
  parentRef: ParentReference;
  controllerName: string;
  conditions: Condition[];
}

/** How requests of HTTP are routed. */
export type HttpRoute = GatewayRoute<HttpRouteRule>;
/** How calls of gRPC are routed. */
export type GrpcRoute = GatewayRoute<GrpcRouteRule>;

export interface HttpRouteRule {
  readonly matches?: readonly HttpRouteMatch[];
  readonly filters?: readonly RouteFilter[];
  readonly backendRefs?: readonly BackendReference[];
  readonly timeouts?: { readonly request?: string; readonly backendRequest?: string };
}

export interface GrpcRouteRule {
  readonly matches?: readonly {
    readonly method?: { readonly type?: string; readonly service?: string; readonly method?: string };
    readonly headers?: readonly NamedMatch[];
  }[];
  readonly filters?: readonly RouteFilter[];
  readonly backendRefs?: readonly BackendReference[];
}

export interface HttpRouteMatch {
  readonly path?: { readonly type?: string; readonly value?: string };
  readonly headers?: readonly NamedMatch[];
  readonly queryParams?: readonly NamedMatch[];
  readonly method?: string;
}

/** A header or a parameter that must have this value. */
export interface NamedMatch {
  readonly type?: string;
  readonly name: string;
  readonly value: string;
}

export interface BackendReference extends GatewayReference {
  readonly port?: number;
  readonly weight?: number;
  readonly filters?: readonly RouteFilter[];
}

export interface HeaderFilter {
  readonly set?: readonly { readonly name: string; readonly value: string }[];
  readonly add?: readonly { readonly name: string; readonly value: string }[];
  readonly remove?: readonly string[];
}

export interface PathModifier {
  readonly type: string;
  readonly replaceFullPath?: string;
  readonly replacePrefixMatch?: string;
}

/** What is done to requests and answers on their way. */
export interface RouteFilter {
  readonly type: string;
  readonly requestHeaderModifier?: HeaderFilter;
  readonly responseHeaderModifier?: HeaderFilter;
  readonly requestRedirect?: {
    readonly scheme?: string;
    readonly hostname?: string;
    readonly path?: PathModifier;
    readonly port?: number;
    readonly statusCode?: number;
  };
  readonly urlRewrite?: { readonly hostname?: string; readonly path?: PathModifier };
  readonly requestMirror?: {
    readonly backendRef: BackendReference;
    readonly percent?: number;
    readonly fraction?: { readonly numerator: number; readonly denominator?: number };
  };
  readonly cors?: {
    readonly allowOrigins?: readonly string[];
    readonly allowMethods?: readonly string[];
    readonly allowHeaders?: readonly string[];
    readonly exposeHeaders?: readonly string[];
    readonly allowCredentials?: boolean;
    readonly maxAge?: number;
  };
}

/** A namespace's leave that objects of others refer to its own. */
export interface ReferenceGrant extends KubeObject {
  spec: {
    from: { group: string; kind: string; namespace: string }[];
    to: { group: string; kind: string; name?: string }[];
  };
}

export const gatewayGroup = "gateway.networking.k8s.io";

/** Where the API serves these kinds. */
export const gatewayTypes = {
  gatewayclasses: typeOf("v1", "gatewayclasses", "GatewayClass", false),
  gateways: typeOf("v1", "gateways", "Gateway", true),
  httproutes: typeOf("v1", "httproutes", "HTTPRoute", true),
  grpcroutes: typeOf("v1", "grpcroutes", "GRPCRoute", true),
  referencegrants: typeOf("v1beta1", "referencegrants", "ReferenceGrant", true),
} as const;

function typeOf(version: string, plural: string, kind: string, namespaced: boolean) {
  return { group: gatewayGroup, version, plural, kind, namespaced } satisfies Partial<ServedType>;
}
