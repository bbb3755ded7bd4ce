import { portNumber, runningContainers, type PodSpec } from "@seaworthy/kube";

/** Whether a container of the pod says that it serves this port. */
export function declaresPort(pod: PodSpec, port: number): boolean {
  return runningContainers(pod).some(({ ports = [] }) =>
    ports.some(({ containerPort }) => containerPort === port),
  );
}

/**
 * Paths that the app says to be good itself, of probes on the port that requests go to: a path of another port is none there.
 * Never those of readiness: an app may rightly answer them with 503 while it drains, and that is no lost request.
 */
export function probePaths(pod: PodSpec, port: number): string[] {
  return runningContainers(pod).flatMap((container) =>
    [container.livenessProbe, container.startupProbe].flatMap((probe) => {
      const action = probe?.httpGet;
      if (action === undefined || action.scheme === "HTTPS") return [];
      const { path = "/" } = action;
      return portNumber(action.port, [container]) === port ? [path.startsWith("/") ? path : `/${path}`] : [];
    }),
  );
}
