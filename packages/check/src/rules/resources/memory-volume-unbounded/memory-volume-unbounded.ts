import { podRule } from "../../../make-rule.ts";

/** A volume in memory that may grow until its pod is killed. */
export const memoryVolumeUnbounded = podRule(
  {
    id: "memory-volume-unbounded",
    severity: "advice",
    title: "a volume in memory has no size limit",
    why: `What is written to an \`emptyDir\` with \`medium: Memory\` counts as memory of the container that wrote it. Without
\`sizeLimit\` it may take all that the pod has, or half of the node's memory where no limits are set: the container is killed,
and, as the files stay, killed again at the next start.`,
    mend: `\`sizeLimit\`, and a memory limit of the container that holds both.`,
    sources: ["https://kubernetes.io/docs/concepts/storage/volumes/#emptydir"],
    profile: "strict",
  },
  function* look({ spec }) {
    for (const [index, { name, emptyDir }] of (spec.volumes ?? []).entries()) {
      if (emptyDir?.medium !== "Memory" || emptyDir.sizeLimit) continue;
      yield {
        path: ["spec", "volumes", index, "emptyDir", "sizeLimit"],
        message: `volume ${name} lies in memory, and may take all that its pod has`,
        label: "no sizeLimit",
        next: ["emptyDir.sizeLimit: 64Mi, for example"],
      };
    }
  },
);
