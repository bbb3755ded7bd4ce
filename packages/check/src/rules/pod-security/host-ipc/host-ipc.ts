import { podRule } from "../../../make-rule.ts";
import { standardsSources } from "../standards-sources.ts";

/** A pod shares the memory segments of its node. */
export const hostIpc = podRule(
  {
    id: "host-ipc",
    severity: "warning",
    title: "a pod shares the memory segments of its node",
    why: `Shared memory and semaphores of every process of the node are then open to the pod, and the pod's to them.`,
    mend: `Remove \`hostIPC\`. The containers of one pod share memory without it; for a larger \`/dev/shm\`, mount an \`emptyDir\`
with \`medium: Memory\` there.`,
    sources: standardsSources("hostNamespaces"),
    profile: "default",
    podSecurity: "baseline",
    peers: { "kube-linter": ["host-ipc"], polaris: ["hostIPCSet"] },
  },
  function* look({ spec }) {
    if (spec.hostIPC !== true) return;
    yield {
      path: ["spec", "hostIPC"],
      message: "the pod shares memory with every process of its node that uses System V IPC",
      label: "the IPC of the node",
      next: ["remove hostIPC, or keep such a pod in a namespace of its own"],
    };
  },
);
