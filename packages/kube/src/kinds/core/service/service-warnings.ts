import type { KubeObject, Service } from "../../../object.ts";

/** What the API server warns of in a Service, which it takes nevertheless. */
export function* serviceWarnings(object: KubeObject): Generator<string> {
  const { spec } = object as Service;
  const hasExternalIPs = (spec.externalIPs ?? []).length > 0;
  const isHeadless = spec.type === "ClusterIP" && spec.clusterIP === "None";
  if (isHeadless) {
    if ((spec.loadBalancerIP ?? "") !== "") yield "spec.loadBalancerIP is ignored for headless services";
    if (hasExternalIPs) yield "spec.externalIPs is ignored for headless services";
    if ((spec.sessionAffinity ?? "None") !== "None")
      yield "spec.SessionAffinity is ignored for headless services";
  }
  if (hasExternalIPs && !isHeadless && spec.type !== "ExternalName")
    yield "spec.externalIPs is deprecated and may no longer be implemented in some clusters";
  if (hasExternalIPs && spec.type === "ExternalName")
    yield 'spec.externalIPs is ignored when spec.type is "ExternalName"';
  if (spec.type !== "ExternalName" && (spec.externalName ?? "") !== "")
    yield 'spec.externalName is ignored when spec.type is not "ExternalName"';
  if (spec.trafficDistribution === "PreferClose")
    yield 'spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"';
}
