import type { Probe } from "@seaworthy/kube";

/** What is probed of a stand-in: it speaks no gRPC, so that its port must only take connections. */
export function standInProbe({ grpc, ...probe }: Probe): Probe {
  return grpc === undefined ? probe : { ...probe, tcpSocket: { port: grpc.port } };
}
