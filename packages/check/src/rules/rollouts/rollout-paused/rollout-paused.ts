import { type Deployment } from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";

/** A Deployment whose changes are not rolled out. */
export const rolloutPaused = objectRule<Deployment>(
  {
    id: "rollout-paused",
    kind: "Deployment",
    group: "apps",
    severity: "warning",
    title: "a Deployment is paused",
    why: `A paused Deployment takes changes and does nothing with them: a new image is not rolled out, and no error says so.
It is easily left over from an incident.`,
    mend: `Remove \`paused\`, or run \`kubectl rollout resume\`: changes that wait are rolled out then.`,
    sources: [
      "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#pausing-and-resuming-a-deployment",
    ],
    profile: "default",
  },
  function* look(manifest) {
    if (manifest.object.spec.paused !== true) return;
    const { name } = manifest.object.metadata;
    yield {
      path: ["spec", "paused"],
      message: `changes of ${name} are not rolled out: it is paused`,
      label: "nothing is rolled out",
      next: [`remove paused, or: kubectl rollout resume deployment ${name}`],
      fix: { isSafe: false, edits: [{ manifest, path: ["spec", "paused"], op: "remove" }] },
    };
  },
);
