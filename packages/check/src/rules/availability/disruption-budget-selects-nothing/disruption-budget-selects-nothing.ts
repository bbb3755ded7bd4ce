import { type PodDisruptionBudget } from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";
import { podsUnder } from "../../../objects/workloads/disruption-budgets.ts";
import { mayMeet } from "../../../objects/object-set.ts";

/** A PodDisruptionBudget that selects no pod. */
export const disruptionBudgetSelectsNothing = objectRule<PodDisruptionBudget>(
  {
    id: "disruption-budget-selects-nothing",
    kind: "PodDisruptionBudget",
    group: "policy",
    severity: "warning",
    title: "a disruption budget selects no pod",
    why: `A budget whose selector matches nothing keeps nothing, and no error says so: it is noticed when all pods are evicted
at once.`,
    mend: `Let its selector match the labels of the pod template, not those of the Deployment.`,
    sources: ["https://kubernetes.io/docs/tasks/run-application/configure-pdb/"],
    profile: "default",
  },
  function* look(manifest, set) {
    const { object } = manifest;
    const wanted = Object.entries(object.spec.selector?.matchLabels ?? {});
    if (wanted.length === 0 || podsUnder(manifest, set).length > 0) return;
    // Pods may be made by what is not among these objects; one that is nearly selected, or of the same name, is meant.
    const meant = set.pods.find(
      (pod) =>
        mayMeet(pod.manifest.object, object) &&
        (wanted.some(([key, value]) => pod.labels[key] === value) ||
          pod.manifest.object.metadata.name === object.metadata.name),
    );
    if (meant === undefined) return;
    const [key, value] = wanted.find(([name, text]) => meant.labels[name] !== text) ?? wanted[0]!;
    const has = meant.labels[key];
    const { file, line } = meant.manifest.locate([...meant.path, "metadata", "labels"]);
    yield {
      path: ["spec", "selector", "matchLabels", key],
      message: `${object.metadata.name} selects no pod: none is labelled ${key}=${value}`,
      label: `pods of ${meant.manifest.object.metadata.name} have ${has === undefined ? "no such label" : `${key}=${has}`}`,
      seen: [`${file}:${line} has the labels of these pods`],
      next: [has === undefined ? `remove ${key} from the selector` : `${key}: ${has}`],
    };
  },
);
