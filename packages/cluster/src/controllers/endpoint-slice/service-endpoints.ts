import {
  hasPodEnded,
  isPodReady,
  serviceSelectsPod,
  targetPortIn,
  type Endpoint,
  type Pod,
  type Service,
} from "@seaworthy/kube";

/** A port as pods of a Service serve it. */
export interface ResolvedPort {
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  readonly appProtocol?: string;
}

/** One pod behind a Service: its endpoint and the numbers that the Service's ports have in it. */
export interface PodEndpoint {
  readonly endpoint: Endpoint;
  readonly ports: readonly ResolvedPort[];
}

/**
 * The endpoints of a Service. A pod that terminates stays one until it is gone, so that a proxy may still use
 * it when nothing else is left (k8s.io/endpointslice/utils.go, podToEndpoint).
 */
export function endpointsOf(service: Service, pods: readonly Pod[]): PodEndpoint[] {
  return pods
    .filter((pod) => serviceSelectsPod(service, pod) && !hasPodEnded(pod) && (pod.status?.podIP ?? "") !== "")
    .sort((left, right) => (left.metadata.name < right.metadata.name ? -1 : 1))
    .map((pod) => ({ endpoint: endpointOf(service, pod), ports: portsIn(service, pod) }));
}

function endpointOf(service: Service, pod: Pod): Endpoint {
  const { name, namespace = "", uid = "", deletionTimestamp } = pod.metadata;
  const { nodeName, hostname, subdomain } = pod.spec;
  const serving = isPodReady(pod);
  const terminating = deletionTimestamp !== undefined;
  const ready = service.spec.publishNotReadyAddresses === true || (serving && !terminating);
  return {
    addresses: [pod.status?.podIP ?? ""],
    conditions: { ready, serving, terminating },
    ...(hostname !== undefined && subdomain === service.metadata.name ? { hostname } : {}),
    ...(nodeName === undefined ? {} : { nodeName }),
    targetRef: { kind: "Pod", namespace, name, uid },
  };
}

/** A named targetPort may have another number in each pod; a pod without it does not serve that port. */
function portsIn(service: Service, pod: Pod): ResolvedPort[] {
  return (service.spec.ports ?? []).flatMap((servicePort) => {
    const port = targetPortIn(pod.spec, servicePort);
    if (port === undefined) return [];
    const { name = "", protocol = "TCP", appProtocol } = servicePort;
    return [{ name, port, protocol, ...(appProtocol === undefined ? {} : { appProtocol }) }];
  });
}
