import { apiServerAddress, apiServerEndpoint, apiServerServicePort } from "../api-server-address.ts";
import type { FixedService } from "./fixed-service.ts";

/**
 * The Service `kubernetes`, through which pods reach the API server
 * (k8s.io/kubernetes/pkg/controlplane/controller/kubernetesservice).
 */
export const apiServerService: FixedService = {
  namespace: "default",
  name: "kubernetes",
  labels: { component: "apiserver", provider: "kubernetes" },
  clusterIP: apiServerAddress,
  endpointIp: apiServerEndpoint.ip,
  ports: [{ name: "https", protocol: "TCP", port: apiServerServicePort, targetPort: apiServerEndpoint.port }],
};
