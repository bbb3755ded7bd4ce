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
  const subsets = subsetsOf(shown);
  const isTruncated = truncate(subsets);
  return {
    apiVersion: "v1",
    kind: "Endpoints",
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(isTruncated ? { annotations: { [overCapacity]: "truncated" } } : {}),
      labels: {
        ...labels,
        "endpoints.kubernetes.io/managed-by": "endpoint-controller",
        ...(service.spec.clusterIP === "None" ? { [sliceLabels.headless]: "" } : {}),
      },
    },
    subsets,
  };
}

/** The annotation by which readers learn that addresses are missing. */
export const overCapacity = "endpoints.kubernetes.io/over-capacity";
/** maxCapacity of endpoints_controller.go. */
const mostAddresses = 1000;

/** Leaves 1,000 addresses, ready ones before others, of each subset its share (truncateEndpoints). Tells whether some went. */
function truncate(subsets: EndpointSubset[]): boolean {
  const count = (list: AddressList) => subsets.reduce((sum, subset) => sum + (subset[list]?.length ?? 0), 0);
  const [ready, notReady] = [count("addresses"), count("notReadyAddresses")];
  if (ready + notReady <= mostAddresses) return false;
  const list = ready > mostAddresses ? "addresses" : "notReadyAddresses";
  const most = list === "addresses" ? mostAddresses : mostAddresses - ready;
  let left = most;
  for (const subset of subsets) {
    const own = subset[list] ?? [];
    const share = Math.ceil((own.length / (list === "addresses" ? ready : notReady)) * most);
    const kept = own.slice(0, Math.min(share, left));
    left -= kept.length;
    setAddresses(subset, list, kept);
    if (list === "addresses") setAddresses(subset, "notReadyAddresses", []);
  }
  return true;
}

type AddressList = "addresses" | "notReadyAddresses";

function setAddresses(subset: EndpointSubset, list: AddressList, addresses: EndpointAddress[]): void {
  if (addresses.length === 0) delete subset[list];
  else subset[list] = addresses;
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
