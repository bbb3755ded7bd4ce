import { podRule } from "../../../make-rule.ts";
import { securityContextsOf } from "../../../objects/containers/security-contexts.ts";
import { standardsSources } from "../standards-sources.ts";

/** A Windows container that runs as a process of its node. */
export const windowsHostProcess = podRule(
  {
    id: "windows-host-process",
    severity: "warning",
    title: "a Windows container runs as a process of its node",
    why: `A HostProcess container has the files, the network and the rights of its node. It is what \`privileged\` is on
Linux.`,
    mend: `Remove \`hostProcess\`. Agents that manage the node are meant to have it: ignore the rule there, and say why.`,
    sources: standardsSources("windowsHostProcess"),
    profile: "default",
    podSecurity: "baseline",
    peers: { polaris: ["hostProcess"] },
  },
  function* look(pod) {
    for (const { context, path, holder } of securityContextsOf(pod)) {
      if (context.windowsOptions?.hostProcess !== true) continue;
      yield {
        path: [...path, "windowsOptions", "hostProcess"],
        message: `${holder} runs as a process of its Windows node, with all its rights`,
        label: "a process of the node",
        next: ["remove hostProcess, or keep such a pod in a namespace of its own"],
      };
    }
  },
);
