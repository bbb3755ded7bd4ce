import { portNumber, type Container, type Probe } from "@seaworthy/kube";

/** What a probe asks, as text that is the same for probes that ask the same; ports by their numbers. */
export function probeTarget(probe: Probe, container: Container): string {
  const { httpGet, tcpSocket, grpc, exec } = probe;
  const number = (port: number | string) => portNumber(port, [container]) ?? port;
  if (httpGet) return `GET :${number(httpGet.port)}${rooted(httpGet.path ?? "/")}`;
  if (tcpSocket) return `TCP :${number(tcpSocket.port)}`;
  if (grpc) return `gRPC :${grpc.port} ${grpc.service ?? ""}`.trimEnd();
  return (exec?.command ?? []).join(" ");
}

function rooted(path: string): string {
  return path.startsWith("/") ? path : `/${path}`;
}
