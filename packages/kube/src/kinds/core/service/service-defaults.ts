import { objectIn, whenAbsent, whenEmpty } from "../../../defaults/fill-in.ts";
import type { JsonObject } from "../../../patch/json-value.ts";

/** SetDefaults_Service. */
export function defaultService(service: JsonObject): void {
  const spec = objectIn(service, "spec");
  whenEmpty(spec, "sessionAffinity", "None");
  if (spec["sessionAffinity"] === "None") delete spec["sessionAffinityConfig"];
  if (spec["sessionAffinity"] === "ClientIP") {
    whenAbsent(objectIn(objectIn(spec, "sessionAffinityConfig"), "clientIP"), "timeoutSeconds", 10_800);
  }
  whenEmpty(spec, "type", "ClusterIP");
  const type = spec["type"];
  const externalIPs = spec["externalIPs"];
  const hasExternalIPs = type === "ClusterIP" && Array.isArray(externalIPs) && externalIPs.length > 0;
  if (type === "NodePort" || type === "LoadBalancer" || hasExternalIPs) {
    whenEmpty(spec, "externalTrafficPolicy", "Cluster");
  }
  if (type === "LoadBalancer") whenAbsent(spec, "allocateLoadBalancerNodePorts", true);
  if (type === "ClusterIP" || type === "NodePort" || type === "LoadBalancer")
    whenAbsent(spec, "internalTrafficPolicy", "Cluster");
}
