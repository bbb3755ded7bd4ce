import { isAlreadyExists, type KubeClient } from "@seaworthy/client";
import {
  resourceTypes,
  type Endpoints,
  type EndpointSlice,
  type KubeObject,
  type ServedType,
  type Service,
} from "@seaworthy/kube";
import { apiServerAddress, apiServerEndpoint, apiServerServicePort } from "../api-server-address.ts";

/**
 * Creates the Service `kubernetes`, through which pods reach the API server, and what it leads to
 * (k8s.io/kubernetes/pkg/controlplane/controller/kubernetesservice).
 */
export async function createApiServerService(client: KubeClient): Promise<void> {
  const create = async <T extends KubeObject>(type: ServedType, object: T): Promise<void> => {
    await client.create(type, object).catch((error: unknown) => {
      if (!isAlreadyExists(error)) throw error;
    });
  };
  const { ip, port } = apiServerEndpoint;
  const own = { name: "kubernetes", namespace: "default" };
  const https = { name: "https", protocol: "TCP" };
  await create<Service>(resourceTypes.services, {
    apiVersion: "v1",
    kind: "Service",
    metadata: { ...own, labels: { component: "apiserver", provider: "kubernetes" } },
    spec: {
      clusterIP: apiServerAddress,
      type: "ClusterIP",
      ports: [{ ...https, port: apiServerServicePort, targetPort: port }],
    },
  });
  await create<Endpoints>(resourceTypes.endpoints, {
    apiVersion: "v1",
    kind: "Endpoints",
    metadata: { ...own, labels: { "endpointslice.kubernetes.io/skip-mirror": "true" } },
    subsets: [{ addresses: [{ ip }], ports: [{ ...https, port }] }],
  });
  await create<EndpointSlice>(resourceTypes.endpointslices, {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { ...own, labels: { "kubernetes.io/service-name": own.name } },
    addressType: "IPv4",
    endpoints: [{ addresses: [ip], conditions: { ready: true } }],
    ports: [{ ...https, port }],
  });
}
