import type { EndpointAddress, EndpointSubset, Endpoints, Service } from "@seaworthy/kube";
import { sliceLabels } from "./plan-endpoint-slices.ts";
import type { PodEndpoint } from "./service-endpoints.ts";

/**
 * The legacy Endpoints object, which many programs still read. It has no way to show a terminating pod, so such
 * pods are left out (k8s.io/kubernetes/pkg/controller/endpoint/endpoints_controller.go). So are pods that have none
 * of the Service's ports, which a slice shows without ports; a headless Service may have no ports at all.
 */
export function planEndpoints(service: Service, pods: readonly PodEndpoint[]): Endpoints {
  const { name, namespace, labels } = service.metadata;
  const shown = pods.filter(
    ({ endpoint, ports }) =>
      (endpoint.conditions?.ready === true || endpoint.conditions?.terminating !== true) &&
      (ports.length > 0 || (service.spec.ports ?? []).length === 0),
  );
  return {
    apiVersion: "v1",
    kind: "Endpoints",
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      labels: {
        ...labels,
        "endpoints.kubernetes.io/managed-by": "endpoint-controller",
        ...(service.spec.clusterIP === "None" ? { [sliceLabels.headless]: "" } : {}),
      },
    },
    subsets: subsetsOf(shown),
  };
}

function subsetsOf(pods: readonly PodEndpoint[]): EndpointSubset[] {
  const subsets = new Map<string, EndpointSubset>();
  for (const { endpoint, ports } of pods) {
    const key = JSON.stringify(ports);
    const subset = subsets.get(key) ?? subsetFor(ports);
    subsets.set(key, subset);
    const list = endpoint.conditions?.ready === true ? "addresses" : "notReadyAddresses";
    (subset[list] ??= []).push(addressOf(endpoint));
  }
  return [...subsets.values()];
}

function subsetFor(ports: PodEndpoint["ports"]): EndpointSubset {
  const named = ports.map(({ name, ...port }) => ({ ...(name === "" ? {} : { name }), ...port }));
  return named.length === 0 ? {} : { ports: named };
}

function addressOf({ addresses, hostname, nodeName, targetRef }: PodEndpoint["endpoint"]): EndpointAddress {
  return {
    ip: addresses[0] ?? "",
    ...(hostname === undefined ? {} : { hostname }),
    ...(nodeName === undefined ? {} : { nodeName }),
    ...(targetRef === undefined ? {} : { targetRef }),
  };
}
