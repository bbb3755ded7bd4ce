import {
  formatObjectName,
  nearestName,
  runningContainers,
  targetPortIn,
  type Service,
} from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";
import { podsOf } from "../../../objects/selecting.ts";

/** A named port of a Service that no container has. */
export const servicePortName = objectRule<Service>(
  {
    id: "service-port-name",
    severity: "error",
    title: "a Service sends to a port name that no container has",
    kind: "Service",
    why: `A \`targetPort\` that is a name is looked up among the ports of each pod. Pods without that name are left out of the Service:
it has no endpoint for this port, and each connection to it fails, while the pods are ready.`,
    mend: "Write the name that the container gives its port, or name the container's port so.",
    sources: [
      "https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports",
      "https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/",
    ],
    profile: "default",
  },
  function* (manifest, set) {
    const pods = podsOf(manifest, set);
    if (pods.length === 0) return;
    for (const [index, port] of (manifest.object.spec.ports ?? []).entries()) {
      if (port.targetPort === undefined || /^\d+$/.test(String(port.targetPort))) continue;
      if (pods.some(({ spec }) => targetPortIn(spec, port) !== undefined)) continue;
      const name = String(port.targetPort);
      const ports = pods.flatMap(({ spec }) =>
        runningContainers(spec).flatMap(({ ports: declared = [] }) => declared),
      );
      const isOnly = manifest.object.spec.ports?.length === 1;
      const names = [...new Set(ports.flatMap((each) => each.name ?? []))];
      const near = nearestName(name, names) ?? (names.length === 1 && isOnly ? names[0] : undefined);
      const other = ports.find((each) => each.name === name);
      const path = ["spec", "ports", index, "targetPort"];
      const [pod] = pods;
      yield {
        path,
        message: `${formatObjectName(manifest.object)} sends to a port named ${name}, which no container of ${formatObjectName(pod!.manifest.object)} has`,
        label:
          other === undefined
            ? near === undefined
              ? "no container has this port name"
              : `did you mean ${near}?`
            : `the container's ${name} is ${other.protocol ?? "TCP"}, not ${port.protocol ?? "TCP"}`,
        because: "the Service has no endpoint for this port",
        seen: [
          names.length === 0
            ? "no container names a port"
            : `the containers' ports are named ${names.join(", ")}`,
        ],
        next: [
          other === undefined
            ? near === undefined
              ? `name the container's port ${name}`
              : `targetPort: ${near}`
            : `protocol: ${other.protocol ?? "TCP"}, here or at the container`,
        ],
        ...(near === undefined || other !== undefined
          ? {}
          : { fix: { isSafe: false, edits: [{ manifest, path, op: "set", value: near }] } }),
      };
    }
  },
);
