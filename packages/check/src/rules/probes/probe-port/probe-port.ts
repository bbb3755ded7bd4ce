import { containerRule } from "../../../make-rule.ts";
import { probeNames } from "../../../objects/containers/probe-timing.ts";

/** A probe that asks a number which the container does not name among its ports. */
export const probePort = containerRule(
  {
    id: "probe-port",
    severity: "advice",
    title: "a probe asks a port that the container does not declare",
    why: `Ports need not be declared, and a probe works without. But where some are, a number that is not among them is often
a typing error or left over from an earlier one: then the pod never gets ready.`,
    mend: `Declare the port, or correct the number; by a name it cannot go out of step: \`port: http\`.`,
    sources: ["https://docs.kubelinter.io/#/generated/checks?id=liveness-port"],
    profile: "strict",
    peers: { "kube-linter": ["liveness-port", "readiness-port", "startup-port"] },
  },
  function* look({ container }) {
    const ports = (container.ports ?? []).map(({ containerPort }) => containerPort);
    if (ports.length === 0) return;
    for (const probe of probeNames) {
      const action = (["httpGet", "tcpSocket", "grpc"] as const).find((each) => container[probe]?.[each]);
      const port: unknown = action && container[probe]?.[action]?.port;
      if (action === undefined || typeof port !== "number" || ports.includes(port)) continue;
      yield {
        path: [probe, action, "port"],
        message: `${probe} of container ${container.name} asks port ${port}, which it does not declare`,
        label: `it declares ${ports.join(", ")}`,
        next: [`declare ${port} among its ports, or: port: ${ports[0]}`],
      };
    }
  },
);
