import { podRule } from "../../../make-rule.ts";
import { isProxy } from "../../../objects/containers/proxy-container.ts";

/** A job with a container beside its work that never ends. */
export const jobSidecarNeverEnds = podRule(
  {
    id: "job-sidecar-never-ends",
    severity: "error",
    title: "a job never completes, because a proxy beside it never ends",
    why: `A pod has ended when all its containers have. A proxy does not end by itself, and so neither does the job: it runs
until its deadline and counts as failed then, and with \`concurrencyPolicy: Forbid\` no other one begins.`,
    mend: `Make it a sidecar: an entry of \`initContainers\` with \`restartPolicy: Always\` (since 1.29), which is ended when
the others have.`,
    sources: [
      "https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#sidecars-and-jobs",
      "https://github.com/kubernetes/enhancements/tree/master/keps/sig-node/753-sidecar-containers",
    ],
    profile: "default",
  },
  function* look(pod) {
    const { restartPolicy = "Always" } = pod.spec;
    const main = pod.containers.filter(({ role }) => role === "main");
    if (restartPolicy === "Always" || pod.path.length === 0 || main.length < 2) return;
    for (const { container, path } of main) {
      // One that is told to end with the work has a flag for it.
      const isTold = [...(container.command ?? []), ...(container.args ?? [])].some((word) =>
        /quit|exit/.test(word),
      );
      if (!isProxy(container) || isTold) continue;
      yield {
        path: path.slice(pod.path.length),
        message: `${pod.manifest.object.metadata.name} never completes: container ${container.name} does not end by itself`,
        label: "never ends",
        next: ["move it to initContainers, with restartPolicy: Always"],
      };
    }
  },
);
