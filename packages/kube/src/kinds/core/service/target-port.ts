import type { PodSpec, ServicePort } from "../../../object.ts";
import { portNumber } from "../pod/port-number.ts";
import { runningContainers } from "../pod/running-containers.ts";

/** The number that a Service's port has in a pod: a name may have another one in each. Undefined for a pod without that name. */
export function targetPortIn(
  pod: PodSpec,
  { port, targetPort = port, protocol = "TCP" }: ServicePort,
): number | undefined {
  return portNumber(targetPort, runningContainers(pod), protocol);
}
