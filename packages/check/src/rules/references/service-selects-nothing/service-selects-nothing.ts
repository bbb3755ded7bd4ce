import { formatObjectName, type Service } from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";
import { findLabelMiss } from "../../../objects/references/label-misses.ts";
import { podsOf } from "../../../objects/selecting.ts";

/** A Service to which no pod belongs. */
export const serviceSelectsNothing = objectRule<Service>(
  {
    id: "service-selects-nothing",
    severity: "error",
    title: "a Service selects no pod",
    kind: "Service",
    why: `Every connection to this Service is refused, or times out. No rollout shows it, as the pods themselves are ready, and no event
says so: only \`kubectl get endpointslices\` has an empty list. A Service finds pods by labels of the **pod template**, not by those
of the Deployment.`,
    mend: "Write the labels of the pod template into `spec.selector`, or the other way round.",
    sources: [
      "https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/",
      "https://kubernetes.io/docs/concepts/services-networking/service/",
    ],
    profile: "default",
    peers: { "kube-score": ["service-targets-pod"], "kube-linter": ["dangling-service"] },
  },
  function* (manifest, set) {
    const { spec } = manifest.object;
    const selector = spec.selector ?? {};
    if (Object.keys(selector).length === 0 || spec.type === "ExternalName") return;
    if (podsOf(manifest, set).length > 0) return;
    const miss = findLabelMiss(manifest.object, selector, set);
    if (miss === undefined) return;
    const path = ["spec", "selector", miss.key];
    yield {
      path,
      message: `${formatObjectName(manifest.object)} selects no pod`,
      label:
        miss.has === undefined
          ? `no pod has the label ${miss.key} beside the others`
          : `${miss.nearest.manifest.object.metadata.name} has ${miss.key}: ${miss.has}`,
      because: "every connection to this Service fails, and no rollout shows it",
      seen: [miss.seen],
      next: [
        miss.meant !== undefined
          ? `${miss.key}: ${miss.meant}`
          : miss.has !== undefined
            ? `add what makes pods with ${miss.key}: ${miss.wanted}, or select labels that pods have`
            : `give the pod template the label ${miss.key}: ${miss.wanted}, or take it out of the selector`,
      ],
      ...(miss.meant === undefined
        ? {}
        : { fix: { isSafe: false, edits: [{ manifest, path, op: "set", value: miss.meant }] } }),
    };
  },
);
