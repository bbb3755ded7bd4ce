import { podRule } from "../../../make-rule.ts";
import { standardsSources } from "../standards-sources.ts";

/** A volume that is a directory of the node. */
export const hostPath = podRule(
  {
    id: "host-path",
    severity: "warning",
    title: "a volume is a directory of the node",
    why: `What the pod writes there stays on one node: after a move to another, the pod finds nothing, or old data. And
what it can read or write there is what other pods and the node itself rely on.`,
    mend: `Use a PersistentVolumeClaim for what has to stay, an \`emptyDir\` for what may go, and a ConfigMap for
settings. Agents that read the node's logs are meant to have it: ignore the rule there, and say why.`,
    sources: standardsSources("hostPathVolumes"),
    profile: "strict",
    podSecurity: "baseline",
    peers: { polaris: ["hostPathSet"] },
  },
  function* look({ spec }) {
    for (const [index, { name, hostPath: source }] of (spec.volumes ?? []).entries()) {
      if (!source) continue;
      yield {
        path: ["spec", "volumes", index, "hostPath"],
        message: `volume ${name} is ${source.path} of whichever node the pod runs on`,
        label: "stays on the node when the pod moves",
        next: ["a persistentVolumeClaim for what has to stay, emptyDir: {} for what may go"],
      };
    }
  },
);
