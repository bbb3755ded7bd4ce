import { containerRule } from "../../../make-rule.ts";
import { offerToSet } from "../../../fixes.ts";

/** A directory of the node that a container may write to. */
export const writableHostMount = containerRule(
  {
    id: "writable-host-mount",
    severity: "advice",
    title: "a container may write to a directory of its node",
    why: `What is written there stays after the pod, is seen by every pod that mounts the same, and may be what a program of
the node reads: many ways out of a container begin with a file that root of the node picks up.`,
    mend: `\`readOnly: true\` in the mount, unless writing is what the container is for.`,
    sources: ["https://kubernetes.io/docs/concepts/storage/volumes/#hostpath"],
    profile: "strict",
    peers: { "kube-linter": ["writable-host-mount"] },
  },
  function* look(source, pod) {
    for (const [index, { name, readOnly }] of (source.container.volumeMounts ?? []).entries()) {
      const volume = pod.spec.volumes?.find((each) => each.name === name);
      if (!volume?.hostPath || readOnly === true) continue;
      const path = ["volumeMounts", index, "readOnly"];
      yield {
        path,
        message: `container ${source.container.name} may write to ${volume.hostPath.path} of its node`,
        label: "no readOnly: true",
        next: [`volumeMounts[${index}].readOnly: true, if it only reads`],
        fix: offerToSet({ manifest: pod.manifest, path: source.path }, path, true),
      };
    }
  },
);
