import { podRule } from "../../../make-rule.ts";
import { standardsSources } from "../standards-sources.ts";

/** A pod sees the processes of its node. */
export const hostPid = podRule(
  {
    id: "host-pid",
    severity: "warning",
    title: "a pod sees the processes of its node",
    why: `Whoever takes over such a pod can read the environment of every process of the node, with the passwords in it, and
may end those processes or look into their memory.`,
    mend: `Remove \`hostPID\`. To see the processes of another container of the same pod, \`shareProcessNamespace: true\` is enough.`,
    sources: standardsSources("hostNamespaces"),
    profile: "strict",
    podSecurity: "baseline",
    peers: { "kube-linter": ["host-pid"], polaris: ["hostPIDSet"] },
  },
  function* look({ spec }) {
    if (spec.hostPID !== true) return;
    yield {
      path: ["spec", "hostPID"],
      message: "the pod sees every process of its node, and what stands in their environments",
      label: "the processes of the node",
      next: ["remove hostPID, or keep such a pod in a namespace of its own"],
    };
  },
);
