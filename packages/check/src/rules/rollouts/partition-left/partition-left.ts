import { type StatefulSet } from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";
import { replicasOf } from "../../../objects/workloads/replica-count.ts";

/** A StatefulSet of which some pods keep the old version. */
export const partitionLeft = objectRule<StatefulSet>(
  {
    id: "partition-left",
    kind: "StatefulSet",
    group: "apps",
    severity: "warning",
    title: "a partition keeps pods of a StatefulSet at their old version",
    why: `Pods whose number is below the partition keep the old version, also when they are made anew, and no error says so.
It is meant for the time in which a new version is tried, and is easily left behind.`,
    mend: `Remove \`partition\` once the new version has proven good; then the rest is rolled out.`,
    sources: ["https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#partitions"],
    profile: "default",
  },
  function* look(manifest, set) {
    const partition = manifest.object.spec.updateStrategy?.rollingUpdate?.partition ?? 0;
    if (partition <= 0) return;
    const path = ["spec", "updateStrategy", "rollingUpdate", "partition"];
    const { name } = manifest.object.metadata;
    const most = replicasOf(manifest, set)?.most ?? 1;
    const last = Math.min(partition, most) - 1;
    const pods = last <= 0 ? `pod ${name}-0 keeps its` : `pods ${name}-0 to ${name}-${last} keep their`;
    yield {
      path,
      message: `${partition >= most ? "no change is rolled out: " : ""}${pods} old version`,
      label: partition >= most ? "nothing is rolled out" : "these keep the old version",
      next: ["remove partition when the new version has proven good"],
      fix: { isSafe: false, edits: [{ manifest, path, op: "remove" }] },
    };
  },
);
