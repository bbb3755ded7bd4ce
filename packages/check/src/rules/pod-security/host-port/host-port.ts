import { podRule } from "../../../make-rule.ts";
import { offerToRemove } from "../../../fixes.ts";
import { everyContainer, pathInPod } from "../../../objects/containers/security-contexts.ts";
import { standardsSources } from "../standards-sources.ts";

/** A container that takes a port of its node. */
export const hostPort = podRule(
  {
    id: "host-port",
    severity: "warning",
    title: "a container takes a port of its node",
    why: `Two pods with the same host port do not fit on one node: with as many replicas as nodes, a new pod stays Pending
until an old one has gone, and a rollout may stand still. The port is open on the node's address as well, past every Ingress.`,
    mend: `Remove \`hostPort\`: a Service reaches the container by its \`containerPort\`. For a port on every node there
is a Service of type NodePort.`,
    sources: [
      ...standardsSources("hostPorts"),
      "https://kubernetes.io/docs/concepts/configuration/overview/#services",
    ],
    givesWayTo: ["host-port-blocks-rollout"],
    profile: "strict",
    podSecurity: "baseline",
    peers: { polaris: ["hostPortSet"] },
  },
  function* look(pod) {
    for (const source of everyContainer(pod)) {
      for (const [index, { hostPort: port }] of (source.container.ports ?? []).entries()) {
        if (!port) continue;
        const field = [...pathInPod(source, pod), "ports", index, "hostPort"];
        yield {
          path: field,
          message: `container ${source.container.name} takes port ${port} of its node: only one such pod fits on each`,
          label: "one pod per node",
          next: ["remove hostPort, and reach the container through a Service"],
          fix: offerToRemove(pod, field),
        };
      }
    }
  },
);
