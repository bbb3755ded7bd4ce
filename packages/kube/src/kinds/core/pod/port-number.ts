import type { Container } from "../../../object.ts";

/**
 * A port by its number or by the name that a container gives it; undefined when none gives it that name. With a protocol, only
 * ports of that protocol are looked at, as for a Service; the kubelet's probes look at all of them.
 */
export function portNumber(
  port: number | string,
  containers: readonly Container[],
  protocol?: string,
): number | undefined {
  if (/^\d+$/.test(String(port))) return Number(port);
  return containers
    .flatMap(({ ports = [] }) => ports)
    .find((each) => each.name === port && (protocol ?? each.protocol ?? "TCP") === (each.protocol ?? "TCP"))
    ?.containerPort;
}
