/** The items in which the embedded cluster differs from Kubernetes, by their number, and how. */
export const differences: Readonly<Record<number, string>> = {
  27: "a key that stands twice in a JSON body is not noticed",
  30: "LimitRanges and ResourceQuotas are stored, and nothing counts by them",
  34: "Helm 4 keeps its releases by protobuf bodies, which are not read",
  36: "Helm 4 keeps its releases by protobuf bodies, which are not read",
  37: "kubectl validates a List by /openapi/v2, which is not served: use --validate=false, or apply its items",
  31: "protobuf bodies are answered with 415; JSON is read",
};
