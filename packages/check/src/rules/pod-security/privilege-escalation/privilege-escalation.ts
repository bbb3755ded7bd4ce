import { podRule } from "../../../make-rule.ts";
import { offerToSet } from "../../../fixes.ts";
import { everyContainer, pathInPod, runsOnWindows } from "../../../objects/containers/security-contexts.ts";
import { standardsSources } from "../standards-sources.ts";

/** A container whose processes can become more than they were started as. */
export const privilegeEscalation = podRule(
  {
    id: "privilege-escalation",
    severity: "advice",
    title: "a process can get more rights than it was started with",
    why: `A program with the set-user-ID bit, such as \`su\` or \`ping\`, makes root of any user who starts it. With
\`allowPrivilegeEscalation: false\` the kernel ignores that bit, and a process stays what it was started as.`,
    mend: `\`securityContext: {allowPrivilegeEscalation: false}\` in each container; pods have no such field. An image that
uses \`sudo\` does not work with it: try it before production.`,
    sources: [
      ...standardsSources("allowPrivilegeEscalation"),
      "https://www.kernel.org/doc/html/latest/userspace-api/no_new_privs.html",
    ],
    profile: "strict",
    podSecurity: "restricted",
    peers: { "kube-linter": ["privilege-escalation-container"], polaris: ["privilegeEscalationAllowed"] },
  },
  function* look(pod) {
    if (runsOnWindows(pod)) return;
    for (const source of everyContainer(pod)) {
      const { name, securityContext: context } = source.container;
      const allowed = context?.allowPrivilegeEscalation ?? undefined;
      if (allowed === false) continue;
      const path = [...pathInPod(source, pod), "securityContext", "allowPrivilegeEscalation"];
      // The API server refuses both at once: such a container is found by other rules.
      const isRefused =
        context?.privileged === true ||
        context?.capabilities?.add?.some((each) => /^(CAP_)?SYS_ADMIN$/.test(each));
      yield {
        path,
        message: `a process in container ${name} can get more rights than it was started with`,
        label: allowed === true ? "allowed" : "no allowPrivilegeEscalation: false",
        next: ["securityContext.allowPrivilegeEscalation: false"],
        ...(!isRefused && { fix: offerToSet(pod, path, false) }),
      };
    }
  },
);
