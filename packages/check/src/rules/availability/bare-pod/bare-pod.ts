import type { Pod } from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";

/** A pod that nobody makes anew. */
export const barePod = objectRule<Pod>(
  {
    id: "bare-pod",
    kind: "Pod",
    severity: "warning",
    title: "a pod that nobody makes anew",
    why: `A pod is on one node for its life. When that node fails or is emptied, or the pod is evicted, it is gone: only what
made it could make another one, and nothing made this one. Its template cannot be changed by a rollout either.`,
    mend: `Write it as a Deployment, with the same pod as its \`template\`; or as a Job, if it ends by itself.`,
    sources: [
      "https://kubernetes.io/docs/concepts/configuration/overview/#naked-pods-vs-replicasets-deployments-and-jobs",
    ],
    profile: "default",
  },
  function* look({ object }) {
    const { metadata, spec } = object;
    const endsByItself = (spec.restartPolicy ?? "Always") !== "Always";
    const isOfTool = ["helm.sh/hook", "argocd.argoproj.io/hook", "kubernetes.io/config.source"].some(
      (name) => metadata.annotations?.[name] !== undefined,
    );
    if (endsByItself || (metadata.ownerReferences ?? []).length > 0 || isOfTool) return;
    yield {
      path: ["kind"],
      message: `pod ${metadata.name} is gone for good when its node fails or is emptied`,
      label: "nobody makes it anew",
      next: ["kind: Deployment, with this pod as its template"],
    };
  },
);
