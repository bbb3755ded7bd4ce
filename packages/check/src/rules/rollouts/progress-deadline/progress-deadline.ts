import { type Deployment } from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";
import { findPods, type ContainerSource } from "../../../objects/pod-source.ts";
import { probeTiming } from "../../../objects/containers/probe-timing.ts";

/** A Deployment that calls its rollout failed while pods may still start. */
export const progressDeadline = objectRule<Deployment>(
  {
    id: "progress-deadline",
    kind: "Deployment",
    group: "apps",
    severity: "warning",
    title: "the progress deadline is over before a pod has to be ready",
    why: `When no pod gets ready within \`progressDeadlineSeconds\`, the rollout counts as failed: \`kubectl rollout status\` and
the tools above it give up, and some go back. A start-up that its own probe allows must not count as one that failed.`,
    mend: `Set \`progressDeadlineSeconds\` above the time that start-up may take, with the time to pull the image and
\`minReadySeconds\`; the default is 600. Or allow less time to start.`,
    sources: [
      "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#progress-deadline-seconds",
    ],
    profile: "default",
  },
  function* look(manifest) {
    const { progressDeadlineSeconds = 600, minReadySeconds = 0 } = manifest.object.spec;
    const [slowest] = findPods(manifest)
      .flatMap(({ containers }) => containers)
      .map((each) => ({ name: each.container.name, seconds: startSeconds(each) }))
      .toSorted((a, b) => b.seconds - a.seconds);
    const needed = (slowest?.seconds ?? 0) + minReadySeconds;
    if (slowest === undefined || slowest.seconds === 0 || needed <= progressDeadlineSeconds) return;
    const path = ["spec", "progressDeadlineSeconds"];
    // Time to pull the image.
    const value = Math.ceil((needed + 60) / 60) * 60;
    yield {
      path,
      message: `container ${slowest.name} may take ${slowest.seconds} s to start${minReadySeconds > 0 ? `, and then ${minReadySeconds} s` : ""}, and the rollout counts as failed after ${progressDeadlineSeconds} s`,
      label: `${needed} s are allowed elsewhere`,
      next: [`progressDeadlineSeconds: ${value}`],
      fix: { isSafe: true, edits: [{ manifest, path, op: "set", value }] },
    };
  },
);

/** How long a container may take until it is ready, as its probes say. */
function startSeconds({ container, role }: ContainerSource): number {
  if (role === "init") return 0;
  const { startupProbe, readinessProbe } = container;
  const starts = startupProbe ? probeTiming(startupProbe).budgetSeconds : 0;
  return Math.max(starts, readinessProbe?.initialDelaySeconds ?? 0);
}
