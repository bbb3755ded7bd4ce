import type { Ingress, KubeObject, Service } from "@seaworthy/kube";
import { mayMeet, type ManifestOf, type ObjectSet } from "./object-set.ts";
import type { PodSource } from "./pod-source.ts";
import { servicesOf } from "./selecting.ts";

/** What sends requests from outside to a pod: an Ingress, an HTTPRoute, or a Service that is a load balancer. */
export function edgesOf(pod: PodSource, set: ObjectSet): KubeObject[] {
  return servicesOf(pod, set).flatMap((service) => edgesOfService(service, set));
}

function edgesOfService({ object }: ManifestOf<Service>, set: ObjectSet): KubeObject[] {
  const { name } = object.metadata;
  const ingresses = set
    .of<Ingress>("Ingress", "networking.k8s.io")
    .filter((each) => mayMeet(each.object, object) && backendsOf(each.object).includes(name));
  const routes = set
    .of<Route>("HTTPRoute", "gateway.networking.k8s.io")
    .filter((each) => mayMeet(each.object, object) && routeBackends(each.object).includes(name));
  const own = object.spec.type === "LoadBalancer" ? [object] : [];
  return [...own, ...ingresses.map((each) => each.object), ...routes.map((each) => each.object)];
}

interface Route extends KubeObject {
  spec?: { rules?: { backendRefs?: { name?: string }[] }[] };
}

function backendsOf({ spec }: Ingress): (string | undefined)[] {
  const paths = (spec.rules ?? []).flatMap(({ http }) => http?.paths ?? []);
  return [spec.defaultBackend?.service?.name, ...paths.map(({ backend }) => backend.service?.name)];
}

function routeBackends({ spec }: Route): (string | undefined)[] {
  return (spec?.rules ?? []).flatMap(({ backendRefs }) => (backendRefs ?? []).map(({ name }) => name));
}
