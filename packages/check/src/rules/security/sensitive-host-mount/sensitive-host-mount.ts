import { podRule } from "../../../make-rule.ts";

/** A directory of the node in a pod through which the node can be taken over. */
export const sensitiveHostMount = podRule(
  {
    id: "sensitive-host-mount",
    severity: "warning",
    title: "a directory that rules the node can be written in a pod",
    why: `Who can write to \`/etc\`, \`/usr\`, \`/var/lib/kubelet\` or the whole disk of the node can add a user, a static pod
or a program that root will start: the node is theirs, and the Secrets of all its pods.`,
    mend: `Mount the one file or directory below that is needed, and with \`readOnly: true\` in every container.`,
    sources: ["https://kubernetes.io/docs/concepts/storage/volumes/#hostpath"],
    profile: "default",
    peers: { "kube-linter": ["sensitive-host-mounts"] },
  },
  function* look(pod) {
    for (const [index, { name, hostPath }] of (pod.spec.volumes ?? []).entries()) {
      const directory = hostPath?.path?.replace(/(?<=.)\/+$/, "");
      if (directory === undefined || !sensitive.has(directory)) continue;
      const writers = pod.containers.filter(({ container }) =>
        container.volumeMounts?.some((mount) => mount.name === name && mount.readOnly !== true),
      );
      if (writers.length === 0) continue;
      const names = writers.map(({ container }) => container.name).join(", ");
      yield {
        path: ["spec", "volumes", index, "hostPath", "path"],
        message: `${writers.length === 1 ? "container" : "containers"} ${names} can write to ${directory} of the node, and take it over`,
        label: "rules the node",
        next: ["mount what is needed below it, with readOnly: true"],
      };
    }
  },
);

const sensitive: ReadonlySet<string> = new Set([
  "/",
  "/bin",
  "/boot",
  "/dev",
  "/etc",
  "/etc/kubernetes",
  "/etc/kubernetes/manifests",
  "/lib",
  "/lib64",
  "/opt",
  "/proc",
  "/root",
  "/run",
  "/sbin",
  "/sys",
  "/usr",
  "/var",
  "/var/lib",
  "/var/lib/docker",
  "/var/lib/kubelet",
  "/var/run",
]);
