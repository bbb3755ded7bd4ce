import type { FieldPath, PodSpec } from "@seaworthy/kube";
import { podRule } from "../../../make-rule.ts";
import { holdsData } from "../../../objects/workloads/claims.ts";

/** Pods that can be on one node only. */
export const pinnedToNode = podRule(
  {
    id: "pinned-to-node",
    severity: "warning",
    title: "pods are pinned to one node by its name",
    why: `When that node fails, is emptied or replaced by one of another name, as nodes of a cloud are all the time, the pods
wait for ever. With \`nodeName\` the scheduler is not even asked: neither room nor taints are looked at.`,
    mend: `Select nodes by a label that says what is needed of them (\`nodeSelector: {disk: ssd}\`), and let the scheduler
choose. This rule says nothing of pods with data of a node.`,
    sources: ["https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#nodename"],
    profile: "default",
  },
  function* look(pod, set) {
    const pin = findPin(pod.spec);
    // The scheduler writes it into every pod that the API gives.
    const isOfScheduler =
      pin?.path.at(-1) === "nodeName" && pod.path.length === 0 && Boolean(pod.manifest.object.metadata.uid);
    if (pin === undefined || isOfScheduler || holdsData(pod, set)) return;
    yield {
      path: pin.path,
      message: `pods of ${pod.manifest.object.metadata.name} can be on node ${pin.node} only, and nowhere when it is gone`,
      label: "one node",
      next: ["nodeSelector by a label that says what is needed of a node"],
    };
  },
);

function findPin({
  nodeName,
  nodeSelector,
  affinity,
}: PodSpec): { path: FieldPath; node: string } | undefined {
  if (nodeName) return { path: ["spec", "nodeName"], node: nodeName };
  const selected = nodeSelector?.[hostname];
  if (selected !== undefined) return { path: ["spec", "nodeSelector", hostname], node: selected };
  const field = "requiredDuringSchedulingIgnoredDuringExecution";
  const terms = affinity?.nodeAffinity?.[field]?.nodeSelectorTerms ?? [];
  const index = (terms[0]?.matchExpressions ?? []).findIndex(
    ({ key, operator, values = [] }) => key === hostname && operator === "In" && values.length === 1,
  );
  const node = terms[0]?.matchExpressions?.[index]?.values?.[0];
  if (terms.length !== 1 || node === undefined) return undefined;
  const path = [
    "spec",
    "affinity",
    "nodeAffinity",
    field,
    "nodeSelectorTerms",
    0,
    "matchExpressions",
    index,
    "values",
  ];
  return { path, node };
}

const hostname = "kubernetes.io/hostname";
