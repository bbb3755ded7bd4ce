import { podRule } from "../../../make-rule.ts";

/** A label by which each version of a chart restarts all pods. */
export const chartLabel = podRule(
  {
    id: "chart-label",
    severity: "advice",
    title: "the version of a chart is in the labels of pods",
    why: `A change of the pod template is a rollout. With the chart's version among the pods' labels, every new version of the chart restarts
all pods, also where nothing about them has changed.`,
    mend: "Keep `helm.sh/chart` in the labels of the workload, and out of those of its pods.",
    sources: ["https://helm.sh/docs/chart_best_practices/labels/"],
    profile: "strict",
  },
  function* ({ labels, path, manifest }) {
    const key = ["helm.sh/chart", "chart"].find((each) => /-\d+\.\d+/.test(labels[each] ?? ""));
    if (key === undefined || path.length === 0) return;
    yield {
      path: ["metadata", "labels", key],
      message: `each new version of the chart restarts the pods of ${manifest.object.kind} ${manifest.object.metadata.name}`,
      label: "new with each version of the chart",
      next: [`take ${key} out of the labels of the pod template`],
    };
  },
);
