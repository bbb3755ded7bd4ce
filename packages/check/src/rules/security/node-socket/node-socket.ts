import { podRule } from "../../../make-rule.ts";

/** The socket of the node's container runtime in a pod. */
export const nodeSocket = podRule(
  {
    id: "node-socket",
    severity: "warning",
    title: "a pod can give orders to its node's container runtime",
    why: `Who can write to the runtime's socket can start a privileged container that mounts the node's disks: it is root on
the node. Read-only does not help, for a socket is not a file that one writes to. And \`docker.sock\` has not been there since
Kubernetes 1.24 on most nodes.`,
    mend: `Build images without a daemon: BuildKit rootless, Buildah, ko. Agents that watch containers can ask the kubelet or
the API instead.`,
    sources: [
      "https://kubernetes.io/docs/tasks/administer-cluster/migrating-from-dockershim/check-if-dockershim-removal-affects-you/",
      "https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html",
    ],
    profile: "default",
    peers: { "kube-linter": ["docker-sock", "sensitive-host-mounts"] },
  },
  function* look({ spec }) {
    for (const [index, { name, hostPath }] of (spec.volumes ?? []).entries()) {
      if (!hostPath || !/(docker|containerd|crio|podman)\.sock$/.test(hostPath.path)) continue;
      yield {
        path: ["spec", "volumes", index, "hostPath", "path"],
        message: `volume ${name} lets the pod give orders to its node's container runtime: that is root on the node`,
        label: "root on the node",
        next: ["build images without a daemon, and ask the API for what runs"],
      };
    }
  },
);
