import { formatObjectName, groupOf, nearestName, type KubeObject, type Manifest } from "@seaworthy/kube";
import type { ObjectSet } from "../../../objects/object-set.ts";
import { podsNear } from "../../../objects/pods-near.ts";
import { isUnreadable } from "../../../objects/references/unreadable.ts";
import type { Rule } from "../../../rule.ts";

interface Autoscaler extends KubeObject {
  readonly spec: {
    readonly scaleTargetRef?: {
      readonly apiVersion?: string;
      readonly kind?: string;
      readonly name?: string;
    };
  };
}

/** An autoscaler of something that is not there. */
export const autoscalerTarget: Rule = {
  id: "autoscaler-target",
  severity: "error",
  title: "an autoscaler scales a workload that is not there",
  why: `The autoscaler finds nothing to scale, says so in a condition that nobody reads, and the workload stays at the replicas that it
happens to have when the load comes. Workloads of this kind are among the files of the namespace, and this one is not.`,
  mend: "Write the kind and the name of the workload.",
  sources: [
    "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/",
    "https://keda.sh/docs/latest/reference/scaledobject-spec/",
  ],
  profile: "default",
  peers: {
    "kube-score": ["horizontalpodautoscaler-has-target"],
    "kube-linter": ["dangling-horizontalpodautoscaler"],
  },
  *check(set) {
    const autoscalers = [
      ...set.of<Autoscaler>("HorizontalPodAutoscaler", "autoscaling"),
      ...set.of<Autoscaler>("ScaledObject", "keda.sh"),
    ];
    for (const manifest of autoscalers) {
      const { object } = manifest;
      const { apiVersion = "apps/v1", kind = "Deployment", name } = object.spec?.scaleTargetRef ?? {};
      if (name === undefined || isUnreadable(set, object, kind, name)) continue;
      const group = groupOf(apiVersion);
      if (set.beside(object, kind, name, group) !== undefined) continue;
      const all = workloadsBeside(object, set);
      const same = all.filter(
        (each) => each.object.kind === kind && groupOf(each.object.apiVersion) === group,
      );
      const named = all.filter((each) => each.object.metadata.name === name);
      if (same.some((each) => named.includes(each)) || (same.length === 0 && named.length === 0)) continue;
      const [other] = named;
      const near = nearestName(
        name,
        same.map((each) => each.object.metadata.name),
      );
      const field = other === undefined ? "name" : other.object.kind === kind ? "apiVersion" : "kind";
      const value = other === undefined ? near : String(other.object[field]);
      const path = ["spec", "scaleTargetRef", field];
      yield {
        manifest,
        path,
        message: `${formatObjectName(object)} scales ${kind} ${name}, which is not in ${set.home}`,
        label: value === undefined ? "there is no such workload" : `did you mean ${value}?`,
        ...(other === undefined
          ? {}
          : { seen: [`${other.file}:${other.line} ${formatObjectName(other.object)}`] }),
        next: [value === undefined ? "write the name of the workload" : `${field}: ${value}`],
        ...(value === undefined
          ? {}
          : { fix: { isSafe: false, edits: [{ manifest, path, op: "set", value }] } }),
      };
    }
  },
};

/** What has pods that stay. */
function workloadsBeside(object: KubeObject, set: ObjectSet): Manifest[] {
  return podsNear(object, set)
    .map(({ manifest }) => manifest)
    .filter((each) => !["Pod", "Job", "CronJob"].includes(each.object.kind));
}
