import type { KubeObject } from "@seaworthy/kube";

/** The namespaces that every cluster has for itself. */
const own: ReadonlySet<string> = new Set(["kube-system", "kube-public", "kube-node-lease"]);

/** Marks by which a cluster knows again what it put there itself, and will put there again. */
const labels = ["kubernetes.io/bootstrapping", "kube-aggregator.kubernetes.io/automanaged"];
const annotations = ["apf.kubernetes.io/autoupdate-spec", "pv.kubernetes.io/provisioned-by"];

/** What each namespace, or `default`, gets from the cluster. */
const given: ReadonlySet<string> = new Set([
  "ConfigMap kube-root-ca.crt",
  "Namespace default",
  "Service kubernetes",
  "ServiceAccount default",
]);

/** Whether an object is the cluster's, or a part of its installation, and so nobody's to mend who runs apps on it. */
export function belongsToCluster(object: KubeObject): boolean {
  const { name, namespace } = object.metadata;
  return (
    own.has(namespace ?? name) ||
    (namespace === undefined && /^(?:system[:-]|kubeadm:)/.test(name)) ||
    object.metadata.labels?.["addonmanager.kubernetes.io/mode"] !== undefined ||
    isKeptByCluster(object)
  );
}

/** Whether the cluster makes an object by itself, and would make it again. */
export function isKeptByCluster({ kind, metadata }: KubeObject): boolean {
  return (
    given.has(`${kind} ${metadata.name}`) ||
    labels.some((label) => metadata.labels?.[label] !== undefined) ||
    annotations.some((annotation) => metadata.annotations?.[annotation] !== undefined)
  );
}
