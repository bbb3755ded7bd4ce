import { isAlreadyExists, type KubeClient } from "@seaworthy/client";
import {
  resourceTypes,
  type Endpoints,
  type EndpointSlice,
  type KubeObject,
  type ServedType,
  type Service,
} from "@seaworthy/kube";

/** A Service that the cluster itself serves, at an address that everybody knows. */
export interface FixedService {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly clusterIP: string;
  readonly endpointIp: string;
  readonly ports: readonly {
    readonly name: string;
    readonly protocol: string;
    readonly port: number;
    readonly targetPort: number;
  }[];
}

/** Creates the Service and what it leads to, each unless it is there. */
export async function createFixedService(client: KubeClient, service: FixedService): Promise<void> {
  const create = async <T extends KubeObject>(type: ServedType, object: T): Promise<void> => {
    await client.create(type, object).catch((error: unknown) => {
      if (!isAlreadyExists(error)) throw error;
    });
  };
  const { name, namespace, labels, clusterIP, endpointIp, ports } = service;
  const own = { name, namespace };
  const endpointPorts = ports.map(({ targetPort, name: portName, protocol }) => ({
    name: portName,
    protocol,
    port: targetPort,
  }));
  await create<Service>(resourceTypes.services, {
    apiVersion: "v1",
    kind: "Service",
    metadata: { ...own, labels: { ...labels } },
    spec: { clusterIP, type: "ClusterIP", ports: [...ports] },
  });
  await create<Endpoints>(resourceTypes.endpoints, {
    apiVersion: "v1",
    kind: "Endpoints",
    metadata: { ...own, labels: { "endpointslice.kubernetes.io/skip-mirror": "true" } },
    subsets: [{ addresses: [{ ip: endpointIp }], ports: endpointPorts }],
  });
  await create<EndpointSlice>(resourceTypes.endpointslices, {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { ...own, labels: { "kubernetes.io/service-name": name } },
    addressType: "IPv4",
    endpoints: [{ addresses: [endpointIp], conditions: { ready: true } }],
    ports: endpointPorts,
  });
}
