/** The first address of the Services' range, which Kubernetes gives to the Service `kubernetes`. */
export const apiServerAddress = "10.96.0.1";
/** The port of that Service. */
export const apiServerServicePort = 443;

/** The names of that Service, from any namespace but its own, where it is `kubernetes` besides. */
export const apiServerNames: readonly string[] = [
  "kubernetes.default",
  "kubernetes.default.svc",
  "kubernetes.default.svc.cluster.local",
];

/** Where the Service leads: a node that runs the API server, and its port there. */
export const apiServerEndpoint = { ip: "10.245.0.254", port: 6443 } as const;
