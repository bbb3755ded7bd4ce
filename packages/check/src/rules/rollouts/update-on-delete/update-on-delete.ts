import type { DaemonSet, Manifest, StatefulSet } from "@seaworthy/kube";
import type { ManifestOf, ObjectSet } from "../../../objects/object-set.ts";
import type { Finding, Rule } from "../../../rule.ts";

/** A workload whose pods get a new version only when somebody deletes them. */
export const updateOnDelete: Rule = {
  id: "update-on-delete",
  severity: "advice",
  title: "changes reach pods only when somebody deletes them",
  why: `With the update strategy OnDelete a change is taken and not rolled out. Pods that happen to be made anew have the new
version and the others the old one, for weeks, until a node fails and the surprise comes with it.`,
  mend: `\`updateStrategy: {type: RollingUpdate}\`. OnDelete is right where an operator deletes the pods in its own order.`,
  sources: ["https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#update-strategies"],
  profile: "strict",
  *check(set) {
    for (const manifest of workloads(set))
      if (manifest.object.spec.updateStrategy?.type === "OnDelete") yield foundIn(manifest);
  },
};

function workloads(set: ObjectSet): readonly ManifestOf<StatefulSet | DaemonSet>[] {
  return [...set.of<StatefulSet>("StatefulSet", "apps"), ...set.of<DaemonSet>("DaemonSet", "apps")];
}

function foundIn(manifest: Manifest): Finding {
  const path = ["spec", "updateStrategy", "type"];
  const { kind, metadata } = manifest.object;
  return {
    manifest,
    path,
    message: `a change of ${kind} ${metadata.name} reaches its pods only when somebody deletes them`,
    label: "nothing is rolled out",
    next: ["updateStrategy.type: RollingUpdate"],
    fix: { isSafe: false, edits: [{ manifest, path, op: "set", value: "RollingUpdate" }] },
  };
}
