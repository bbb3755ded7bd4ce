import { formatObjectName, nearestName, runningContainers, type KubeObject } from "@seaworthy/kube";
import {
  monitoredPods,
  monitoredPorts,
  monitoredServices,
  monitoringGroup,
  type Monitor,
} from "../../../objects/network/monitors.ts";
import type { ManifestOf, ObjectSet } from "../../../objects/object-set.ts";
import type { Rule } from "../../../rule.ts";

/** A monitor of a port that its targets do not have. */
export const monitorPort: Rule = {
  id: "monitor-port",
  severity: "error",
  title: "a monitor scrapes a port that its targets do not have",
  why: `\`port\` of a ServiceMonitor is the **name** of a port of the Service, and of a PodMonitor the name of a container's port. With
any other word, and with a number, Prometheus drops the targets in silence: there are no metrics, and no target is down.`,
  mend: "Give the port of the Service a name, and write it.",
  sources: [
    "https://prometheus-operator.dev/docs/platform/troubleshooting/",
    "https://github.com/prometheus-operator/kube-prometheus/issues/1392",
  ],
  profile: "default",
  *check(set) {
    const monitors = [
      ...set.of<Monitor>("ServiceMonitor", monitoringGroup),
      ...set.of<Monitor>("PodMonitor", monitoringGroup),
    ];
    for (const manifest of monitors) {
      const ofPods = manifest.object.kind === "PodMonitor";
      const targets = ofPods ? podTargets(manifest, set) : serviceTargets(manifest, set);
      const [first] = targets;
      if (first === undefined) continue;
      const ports = targets.flatMap((target) => target.ports);
      const names = ports.flatMap(({ name }) => name ?? []);
      for (const { port, at } of monitoredPorts(manifest.object)) {
        if (port === undefined || names.includes(port)) continue;
        const near = nearestName(port, names) ?? ports.find((each) => String(each.port) === port)?.name;
        const path = [...at, "port"];
        yield {
          manifest,
          path,
          message: `${formatObjectName(manifest.object)} scrapes port ${port}, and no port of ${formatObjectName(first.object)} is named so`,
          label: near === undefined ? "no port has this name" : `did you mean ${near}?`,
          seen: [names.length === 0 ? "its ports have no names" : `its ports are named ${names.join(", ")}`],
          next: [
            near === undefined ? `name the port ${/^\d+$/.test(port) ? "metrics" : port}` : `port: ${near}`,
          ],
          ...(near === undefined
            ? {}
            : { fix: { isSafe: false, edits: [{ manifest, path, op: "set", value: near }] } }),
        };
      }
    }
  },
};

interface Target {
  readonly object: KubeObject;
  readonly ports: readonly { readonly name?: string | undefined; readonly port: number }[];
}

function podTargets(manifest: ManifestOf<Monitor>, set: ObjectSet): Target[] {
  return monitoredPods(manifest, set).map(({ manifest: { object }, spec }) => ({
    object,
    ports: runningContainers(spec).flatMap(({ ports = [] }) =>
      ports.map(({ name, containerPort }) => ({ name, port: containerPort })),
    ),
  }));
}

function serviceTargets(manifest: ManifestOf<Monitor>, set: ObjectSet): Target[] {
  return monitoredServices(manifest, set).map(({ object }) => ({ object, ports: object.spec.ports ?? [] }));
}
