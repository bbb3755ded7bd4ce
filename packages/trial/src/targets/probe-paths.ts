import type { Container, PodSpec, ServicePort } from "@seaworthy/kube";

/** The number that a Service's port has in a pod; undefined when the pod does not name such a port. */
export function portInPod({ port, targetPort = port }: ServicePort, pod: PodSpec): number | undefined {
  return typeof targetPort === "number" ? targetPort : portNamed(containersOf(pod), targetPort);
}

/** Whether a container of the pod says that it serves this port. */
export function declaresPort(pod: PodSpec, port: number): boolean {
  return containersOf(pod).some(({ ports = [] }) =>
    ports.some(({ containerPort }) => containerPort === port),
  );
}

/**
 * Paths that the app says to be good itself, of probes on the port that requests go to: a path of another port is none there.
 * Never those of readiness: an app may rightly answer them with 503 while it drains, and that is no lost request.
 */
export function probePaths(pod: PodSpec, port: number): string[] {
  return containersOf(pod).flatMap((container) =>
    [container.livenessProbe, container.startupProbe].flatMap((probe) => {
      const action = probe?.httpGet;
      if (action === undefined || action.scheme === "HTTPS") return [];
      const { path = "/" } = action;
      return numberOf(container, action.port) === port ? [path.startsWith("/") ? path : `/${path}`] : [];
    }),
  );
}

function numberOf(container: Container, port: number | string): number | undefined {
  return /^\d+$/.test(String(port)) ? Number(port) : portNamed([container], String(port));
}

function portNamed(containers: readonly Container[], name: string): number | undefined {
  return containers.flatMap(({ ports = [] }) => ports).find((each) => each.name === name)?.containerPort;
}

/** Init containers with restartPolicy Always are sidecars, and serve beside the others. */
function containersOf({ containers, initContainers = [] }: PodSpec): Container[] {
  return [...containers, ...initContainers.filter(({ restartPolicy }) => restartPolicy === "Always")];
}
