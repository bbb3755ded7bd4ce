import { formatObjectName, portNumber, runningContainers, type Service } from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";
import type { PodSource } from "../../../objects/pod-source.ts";
import { podsOf } from "../../../objects/selecting.ts";

/** A Service whose selector catches pods that do not serve it. */
export const serviceMixesPods = objectRule<Service>(
  {
    id: "service-mixes-pods",
    severity: "warning",
    title: "a Service selects pods that do not have its port",
    kind: "Service",
    why: `A Service sends its share of connections to **every** ready pod that its selector matches. When a worker, a migration or a
CronJob carries the same labels as the server, it gets connections, too, and refuses them: a part of the requests fails, at random,
and only as long as those pods run.`,
    mend: "Give the pods of each workload a label of their own, and let the selector ask for it.",
    sources: ["https://kubernetes.io/docs/concepts/services-networking/service/#defining-a-service"],
    profile: "default",
  },
  function* (manifest, set) {
    const pods = podsOf(manifest, set);
    if (pods.length < 2) return;
    for (const port of manifest.object.spec.ports ?? []) {
      const target = port.targetPort ?? port.port;
      const [serving, others] = [
        pods.filter((pod) => serves(pod, target)),
        pods.filter((pod) => !serves(pod, target)),
      ];
      const [server] = serving;
      const [other] = others;
      if (server === undefined || other === undefined) continue;
      const name = formatObjectName(other.manifest.object);
      const { file, line } = other.manifest.locate([...other.path, "metadata", "labels"]);
      yield {
        path: ["spec", "selector"],
        message: `${formatObjectName(manifest.object)} sends connections to pods of ${name}, which declare no port ${target}`,
        label: `matches ${others.length === 1 ? name : `${others.length} workloads`} as well`,
        because: "a share of the connections is refused while those pods run",
        seen: [`${file}:${line} ${name} has the same labels as ${formatObjectName(server.manifest.object)}`],
        next: [
          `give the pods of ${formatObjectName(server.manifest.object)} a label of their own, for example app.kubernetes.io/component, and select it`,
        ],
      };
      return;
    }
  },
);

function serves({ spec }: PodSource, target: number | string): boolean {
  const containers = runningContainers(spec);
  const number = portNumber(target, containers);
  return containers.some(({ ports = [] }) => ports.some(({ containerPort }) => containerPort === number));
}
