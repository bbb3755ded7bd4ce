import { resolveIntOrPercent, type DaemonSet } from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";

/** A DaemonSet whose rollout may end the pods of all nodes at once. */
export const agentsAllAtOnce = objectRule<DaemonSet>(
  {
    id: "agents-all-at-once",
    kind: "DaemonSet",
    group: "apps",
    severity: "warning",
    title: "a rollout may end a DaemonSet's pods on most nodes at once",
    why: `Each node has one pod of a DaemonSet, for its network, its volumes or its logs. A version that does not start is
then on all nodes before anybody sees it, and takes away from every node what the pod was there for.`,
    mend: `Keep \`maxUnavailable\` small: the default is 1, and 10% does for hundreds of nodes.`,
    sources: ["https://kubernetes.io/docs/tasks/manage-daemon/update-daemon-set/"],
    profile: "default",
  },
  function* look(manifest) {
    const { type = "RollingUpdate", rollingUpdate } = manifest.object.spec.updateStrategy ?? {};
    const value: unknown = rollingUpdate?.maxUnavailable;
    if (type !== "RollingUpdate" || typeof value !== "string" || !/^\d{1,3}%$/.test(value)) return;
    if (resolveIntOrPercent(value, 100, "up") <= 50) return;
    yield {
      path: ["spec", "updateStrategy", "rollingUpdate", "maxUnavailable"],
      message: `a rollout of ${manifest.object.metadata.name} may end its pods on ${value} of the nodes at once`,
      label: "of all nodes",
      next: ["maxUnavailable: 10%"],
    };
  },
);
