import type { KubeObject, Service } from "../../../object.ts";
import { cidrWarnings, ipWarnings } from "../../meta/ip-address.ts";

const hintsAnnotation = "service.kubernetes.io/topology-aware-hints";

/** What the API server warns of in a Service, which it takes nevertheless. */
export function* serviceWarnings(object: KubeObject): Generator<string> {
  const { spec } = object as Service;
  const { externalIPs = [], loadBalancerIP = "", clusterIP = "" } = spec;
  const hasExternalIPs = externalIPs.length > 0;
  const isHeadless = spec.type === "ClusterIP" && clusterIP === "None";
  if (object.metadata.annotations?.[hintsAnnotation] !== undefined)
    yield `annotation ${hintsAnnotation} is deprecated, please use service.kubernetes.io/topology-mode instead`;
  if (spec.type !== "ExternalName" && clusterIP !== "" && clusterIP !== "None")
    for (const [index, address] of (spec.clusterIPs ?? []).entries())
      yield* ipWarnings(`spec.clusterIPs[${index}]`, address);
  if (isHeadless) {
    if (loadBalancerIP !== "") yield "spec.loadBalancerIP is ignored for headless services";
    if (hasExternalIPs) yield "spec.externalIPs is ignored for headless services";
    if ((spec.sessionAffinity ?? "None") !== "None")
      yield "spec.SessionAffinity is ignored for headless services";
  }
  for (const [index, address] of externalIPs.entries())
    yield* ipWarnings(`spec.externalIPs[${index}]`, address);
  if (hasExternalIPs && !isHeadless && spec.type !== "ExternalName")
    yield "spec.externalIPs is deprecated and may no longer be implemented in some clusters";
  if (loadBalancerIP !== "") yield* ipWarnings("spec.loadBalancerIP", loadBalancerIP);
  for (const [index, range] of (spec.loadBalancerSourceRanges ?? []).entries())
    yield* cidrWarnings(`spec.loadBalancerSourceRanges[${index}]`, range);
  if (hasExternalIPs && spec.type === "ExternalName")
    yield 'spec.externalIPs is ignored when spec.type is "ExternalName"';
  if (spec.type !== "ExternalName" && (spec.externalName ?? "") !== "")
    yield 'spec.externalName is ignored when spec.type is not "ExternalName"';
  if (spec.trafficDistribution === "PreferClose")
    yield 'spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"';
}
