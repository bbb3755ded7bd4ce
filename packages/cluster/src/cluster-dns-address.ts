/** The address of the Service that answers DNS queries: the tenth of the Services' range, as kubeadm has it. */
export const clusterDnsAddress = "10.96.0.10";
/** Where that Service leads: a node that serves names. */
export const clusterDnsEndpoint = "10.245.0.253";
/** The domain of the cluster's names. */
export const clusterDomain = "cluster.local";
