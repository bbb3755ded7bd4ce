import { type Deployment } from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";
import { findPods } from "../../../objects/pod-source.ts";
import { replicasOf } from "../../../objects/workloads/replica-count.ts";
import { rolloutBudget } from "../../../objects/workloads/rollout-budget.ts";

/** A Deployment with ports of its nodes, of which each node has one: a new pod needs a node without an old one. */
export const hostPortBlocksRollout = objectRule<Deployment>(
  {
    id: "host-port-blocks-rollout",
    kind: "Deployment",
    group: "apps",
    severity: "warning",
    title: "a port of the node leaves a rollout no place for a new pod",
    why: `A node has each port once. The new pod of a rollout needs a node on which no old one has it; with no pod allowed to
be missing, no old one is ended for it. With as many pods as nodes, the rollout stands still.`,
    mend: `Use a Service in place of \`hostPort\`; or let a pod be missing: \`maxSurge: 0\`, \`maxUnavailable: 1\`; or use a
DaemonSet, which ends the old pod of a node first.`,
    sources: ["https://kubernetes.io/docs/concepts/configuration/overview/#services"],
    profile: "default",
  },
  function* look(manifest, set) {
    const [pod] = findPods(manifest);
    const replicas = replicasOf(manifest, set);
    if (pod === undefined || replicas === undefined || replicas.most === 0) return;
    if (rolloutBudget(manifest.object, replicas.least)?.unavailable !== 0) return;
    const { name } = manifest.object.metadata;
    for (const { container, path } of pod.containers)
      for (const [index, { hostPort, containerPort }] of (container.ports ?? []).entries()) {
        const port = hostPort || (pod.spec.hostNetwork === true ? containerPort : undefined);
        if (port === undefined) continue;
        yield {
          path: [...path, "ports", index, hostPort ? "hostPort" : "containerPort"],
          message: `a rollout of ${name} needs a node on which port ${port} is free, and ends no old pod before`,
          label: "one pod for each node, old or new",
          next: [
            "strategy.rollingUpdate: {maxSurge: 0, maxUnavailable: 1}",
            "or a Service, and no port of the node",
          ],
        };
        return;
      }
  },
);
