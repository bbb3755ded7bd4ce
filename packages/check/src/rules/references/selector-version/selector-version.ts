import { formatObjectName, type LabelSelector } from "@seaworthy/kube";
import type { Rule } from "../../../rule.ts";

/** A selector with a label that the next release changes. */
export const selectorVersion: Rule = {
  id: "selector-version",
  severity: "warning",
  title: "a workload's selector has a version in it",
  why: `The selector of a Deployment, StatefulSet or DaemonSet can never be changed. When the label is new with the next release, the API
server refuses it: \`field is immutable\`. The only way out is to delete the workload, with all its pods.`,
  mend: "Select by labels that never change: the name and the instance. Keep the version in the labels of the pods, if anywhere.",
  sources: [
    "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#label-selector-updates",
    "https://helm.sh/docs/chart_best_practices/labels/",
  ],
  profile: "default",
  *check({ pods }) {
    for (const { manifest, path } of pods) {
      const { selector } = (manifest.object["spec"] ?? {}) as { readonly selector?: LabelSelector };
      if (path.length === 0) continue;
      for (const [key, value] of Object.entries(selector?.matchLabels ?? {})) {
        if (!changing.test(key) || !/\d/.test(value)) continue;
        yield {
          manifest,
          path: ["spec", "selector", "matchLabels", key],
          message: `${formatObjectName(manifest.object)} selects by ${key}, which the next release changes`,
          label: "can never be changed",
          next: [`take ${key} out of the selector, before the first release`],
        };
      }
    }
  },
};

/** `version: v1` is Istio's word for a subset, which stays. */
const changing =
  /^(?:helm\.sh\/chart|chart|app\.kubernetes\.io\/version|chart-version|release-version|commit|git-sha|build)$/;
