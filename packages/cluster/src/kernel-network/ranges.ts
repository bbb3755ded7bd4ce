/** The addresses of all pods. */
export const podRange = "10.244.0.0/16";
/** The addresses of all Services (kubeadm's default). */
export const serviceRange = "10.96.0.0/12";
/** The address of the node network itself: packets from nodes to pods come from it. */
export const gatewayIp = "10.245.255.254";

/** What is never outside: pods, nodes, Services, and addresses that mean something to one machine or link only (RFC 6890). */
export const insideRanges: readonly string[] = [
  podRange,
  "10.245.0.0/16",
  serviceRange,
  "0.0.0.0/8",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "224.0.0.0/3",
];
