import { podTemplateOf, portNumber, runningContainers, type KubeObject, type PodSpec } from "@seaworthy/kube";

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

/** All paths that probes of these objects' pods ask for, those of readiness among them: nobody else is to ask for them. */
export function probePathsOf(objects: readonly KubeObject[]): ReadonlySet<string> {
  const containers = objects.flatMap((object) => {
    const spec = podTemplateOf(object)?.spec;
    return spec === undefined ? [] : runningContainers(spec);
  });
  const probes = containers.flatMap((each) => [each.readinessProbe, each.livenessProbe, each.startupProbe]);
  const paths = probes.map((probe) => probe?.httpGet?.path?.replace(/\?.*$/s, ""));
  return new Set(
    paths.filter((path) => path !== undefined).map((path) => (path.startsWith("/") ? path : `/${path}`)),
  );
}
