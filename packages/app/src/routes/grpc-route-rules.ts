import type { Gateway, GrpcRoute, GrpcRouteRule } from "@seaworthy/kube";
import type { FrontRule } from "./front-rule.ts";
import { gatewayFronts } from "./gateway-fronts.ts";
import type { PathRule } from "./request-path.ts";

/** The rules of GRPCRoutes by which a plain call comes to a Service: those that want certain headers are for other calls. */
export function grpcRouteRules(routes: readonly GrpcRoute[], gateways: readonly Gateway[]): FrontRule[] {
  return routes.flatMap((route) =>
    (route.spec.rules ?? []).flatMap(({ matches = [{}], backendRefs = [] }) =>
      matches
        .filter(({ headers = [] }) => headers.length === 0)
        .flatMap((match) =>
          gatewayFronts(route, backendRefs, gateways).map((front) => ({
            ...front,
            ...pathRule(match),
            label: `GRPCRoute ${front.host ?? route.metadata.name}/${match.method?.service ?? ""}`,
            isGrpc: true,
          })),
        ),
    ),
  );
}

/** A call is a POST to `/service/method`. */
function pathRule({ method }: NonNullable<GrpcRouteRule["matches"]>[number]): PathRule {
  const { type = "Exact", service = "", method: name = "" } = method ?? {};
  const plain = { rewrite: undefined, usesRegex: false };
  if (service === "" && name === "") return { ...plain, pattern: "/", pathType: "Prefix" };
  if (type === "Exact" && name === "") return { ...plain, pattern: `/${service}`, pathType: "Prefix" };
  if (type === "Exact" && service !== "")
    return { ...plain, pattern: `/${service}/${name}`, pathType: "Exact" };
  const part = (text: string) => (text === "" ? "[^/]+" : type === "Exact" ? RegExp.escape(text) : text);
  return { ...plain, pattern: `/${part(service)}/${part(name)}$`, pathType: "Prefix", usesRegex: true };
}
