import { clusterDnsAddress, clusterDnsEndpoint } from "../cluster-dns-address.ts";
import type { FixedService } from "./fixed-service.ts";

/** The Service `kube-dns`, by which pods look up names, as kubeadm makes it (cmd/kubeadm/app/phases/addons/dns). */
export const clusterDnsService: FixedService = {
  namespace: "kube-system",
  name: "kube-dns",
  labels: {
    "k8s-app": "kube-dns",
    "kubernetes.io/cluster-service": "true",
    "kubernetes.io/name": "CoreDNS",
  },
  clusterIP: clusterDnsAddress,
  endpointIp: clusterDnsEndpoint,
  ports: [
    { name: "dns", protocol: "UDP", port: 53, targetPort: 53 },
    { name: "dns-tcp", protocol: "TCP", port: 53, targetPort: 53 },
  ],
};
