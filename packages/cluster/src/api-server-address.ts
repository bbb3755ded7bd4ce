/** The first address of the Services' range, which Kubernetes gives to the Service `kubernetes`. */
export const apiServerAddress = "10.96.0.1";

/** The names of that Service, from any namespace. */
export const apiServerNames: readonly string[] = [
  "kubernetes",
  "kubernetes.default",
  "kubernetes.default.svc",
  "kubernetes.default.svc.cluster.local",
];
