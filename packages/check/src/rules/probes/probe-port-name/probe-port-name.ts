import { nearestName } from "@seaworthy/kube";
import { containerRule } from "../../../make-rule.ts";
import { probeNames } from "../../../objects/containers/probe-timing.ts";

/** A probe that asks a port by a name that its container gives to none. */
export const probePortName = containerRule(
  {
    id: "probe-port-name",
    severity: "error",
    title: "a probe asks a port by a name that the container does not have",
    why: `The kubelet looks the name up among the ports of the same container. Without one the probe always fails: the pod
never gets ready, or is killed again and again. The API server does not notice.`,
    mend: `Give one of the container's \`ports\` that name, or name the one that it has, or write its number.`,
    sources: ["https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/probe/util.go"],
    profile: "default",
    peers: { "kube-linter": ["liveness-port", "readiness-port", "startup-port"] },
  },
  function* look({ container, path }, pod) {
    const names = (container.ports ?? []).flatMap(({ name }) => name ?? []);
    for (const probe of probeNames) {
      const action = container[probe]?.httpGet ? "httpGet" : "tcpSocket";
      const port: unknown = container[probe]?.[action]?.port;
      if (typeof port !== "string" || /^\d+$/.test(port) || names.includes(port)) continue;
      const field = [probe, action, "port"];
      const meant = nearestName(port, names) ?? (names.length === 1 ? names[0] : undefined);
      const other = pod.containers.find(({ container: { ports = [] } }) =>
        ports.some(({ name }) => name === port),
      );
      yield {
        path: field,
        message: `${probe} of container ${container.name} asks port ${port}, and none of its ports has this name`,
        label: names.length === 0 ? "it names no ports" : `it names ${names.join(", ")}`,
        ...(other !== undefined && { seen: [`container ${other.container.name} has a port of this name`] }),
        next:
          meant === undefined
            ? [`give a port of container ${container.name} the name ${port}`]
            : [`${probe}.${action}.port: ${meant}`],
        ...(meant !== undefined &&
          other === undefined && {
            fix: {
              isSafe: false,
              edits: [{ manifest: pod.manifest, path: [...path, ...field], op: "set", value: meant }],
            },
          }),
      };
    }
  },
);
