import { podRule } from "../../../make-rule.ts";
import { standardsSources } from "../standards-sources.ts";

/** A volume of a kind that the level `restricted` does not allow. */
export const restrictedVolume = podRule(
  {
    id: "restricted-volume",
    severity: "advice",
    title: "a pod mounts storage past its claims",
    why: `A volume such as \`nfs\` or \`iscsi\` in a pod goes past everything that administrators decide about storage: who
may mount what, with which class, how much. Most such kinds have left Kubernetes, and are served by CSI drivers now.`,
    mend: `Let the pod ask for storage by a PersistentVolumeClaim, and put server and path into a PersistentVolume.`,
    sources: standardsSources("restrictedVolumes"),
    profile: "strict",
    podSecurity: "restricted",
  },
  function* look({ spec }) {
    for (const [index, volume] of (spec.volumes ?? []).entries()) {
      if (allowed.some((kind) => volume[kind]) || volume.hostPath) continue;
      const kind = Object.entries(volume).find(([key, source]) => key !== "name" && source)?.[0];
      // The API server makes an emptyDir of a volume without a source, before the levels are asked.
      if (kind === undefined) continue;
      yield {
        path: ["spec", "volumes", index, kind],
        message: `volume ${volume.name} is mounted by ${kind}, past the claims of its namespace`,
        label: `${kind} in a pod`,
        next: ["persistentVolumeClaim: {claimName: …}, with the server in a PersistentVolume"],
      };
    }
  },
);

/** A directory of the node is refused by `baseline` already: that is for the rule host-path. */
const allowed = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "image",
  "persistentVolumeClaim",
  "projected",
  "secret",
] as const;
