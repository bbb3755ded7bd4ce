import type { Container, ContainerPort } from "../../../object.ts";

/** What the API server warns of in the ports of a pod's containers: ports and names that are there twice. */
export function* portWarnings(
  containers: readonly (readonly [at: string, container: Container])[],
): Generator<string> {
  const ports = containers.flatMap(([at, container]) =>
    (container.ports ?? []).map((port, index) => ({ port, field: `${at}.ports[${index}]` })),
  );
  for (const [index, { port, field }] of ports.entries()) {
    if ((port.hostIP ?? "") !== "" && (port.hostPort ?? 0) === 0)
      yield `${field}: hostIP set without hostPort: ${shownPort(port)}`;
    for (const other of ports.slice(0, index)) {
      const clash = clashOf(port, other.port);
      if (clash !== undefined) yield `${field}: ${clash} port definition with ${other.field}`;
    }
  }
  for (const [index, { port, field }] of ports.entries()) {
    const { name = "" } = port;
    const other = ports.slice(0, index).find((earlier) => earlier.port.name === name)?.field;
    if (name !== "" && other !== undefined)
      yield `${field}: duplicate port name ${JSON.stringify(name)} with ${other}, services and probes that select ports by name will use ${other}`;
  }
}

function clashOf(port: ContainerPort, other: ContainerPort): string | undefined {
  if (port.containerPort !== other.containerPort || (port.protocol ?? "TCP") !== (other.protocol ?? "TCP"))
    return undefined;
  const [hostPort, otherHostPort] = [port.hostPort ?? 0, other.hostPort ?? 0];
  const [hostIP, otherHostIP] = [port.hostIP ?? "", other.hostIP ?? ""];
  if (hostPort === otherHostPort && hostIP === otherHostIP) return "duplicate";
  if (hostPort === 0 || otherHostPort === 0) return "overlapping";
  return hostPort === otherHostPort && (hostIP === "") !== (otherHostIP === "")
    ? "dangerously ambiguous"
    : undefined;
}

/** A port as Go's `%+v` prints it. */
function shownPort({
  name = "",
  hostPort = 0,
  containerPort,
  protocol = "TCP",
  hostIP = "",
}: ContainerPort): string {
  return `{Name:${name} HostPort:${hostPort} ContainerPort:${containerPort} Protocol:${protocol} HostIP:${hostIP}}`;
}
