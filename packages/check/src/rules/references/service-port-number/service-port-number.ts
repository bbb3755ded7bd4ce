import { formatObjectName, runningContainers, type Service } from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";
import { podsOf } from "../../../objects/selecting.ts";

/** A port of a Service that no container says it has. */
export const servicePortNumber = objectRule<Service>(
  {
    id: "service-port-number",
    severity: "warning",
    title: "a Service sends to a port that no container declares",
    kind: "Service",
    why: `Declared ports are a promise of the container. When each container of the pods says on which ports it listens, and the
Service sends to another one, connections are most likely refused: the usual cause is a \`targetPort\` that was forgotten, which makes
it the Service's own port.`,
    mend: "Set `targetPort` to the container's port, best by its name; or declare the port that the container really has.",
    sources: [
      "https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports",
      "https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/",
    ],
    profile: "default",
  },
  function* (manifest, set) {
    const { spec } = manifest.object;
    const pods = podsOf(manifest, set);
    // The clients of a headless Service go to the pods' addresses, at a port that they choose.
    if (pods.length === 0 || spec.clusterIP === "None") return;
    const containers = pods.flatMap((pod) => runningContainers(pod.spec));
    // One that declares nothing may listen anywhere.
    if (containers.some(({ ports = [] }) => ports.length === 0)) return;
    const declared = containers.flatMap(({ ports = [] }) => ports);
    const numbers = [...new Set(declared.map(({ containerPort }) => containerPort))];
    for (const [index, port] of (spec.ports ?? []).entries()) {
      const target = port.targetPort ?? port.port;
      if (!/^\d+$/.test(String(target)) || numbers.includes(Number(target))) continue;
      const path = ["spec", "ports", index, port.targetPort === undefined ? "port" : "targetPort"];
      const [only] = numbers;
      const value = declared.find(({ containerPort }) => containerPort === only)?.name ?? only;
      yield {
        path,
        message: `${formatObjectName(manifest.object)} sends to port ${target}, and no container of ${formatObjectName(pods[0]!.manifest.object)} declares it`,
        label: `the containers declare ${numbers.join(", ")}`,
        because: "connections are refused, unless a container listens there without saying so",
        next: [
          numbers.length === 1 ? `targetPort: ${value}` : "set targetPort to one of the containers' ports",
        ],
        ...(numbers.length === 1
          ? {
              fix: {
                isSafe: false,
                edits: [{ manifest, path: ["spec", "ports", index, "targetPort"], op: "set", value }],
              },
            }
          : {}),
      };
    }
  },
);
