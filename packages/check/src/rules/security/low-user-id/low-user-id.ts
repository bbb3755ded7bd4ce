import { containerRule } from "../../../make-rule.ts";
import { contextInForce } from "../../../objects/containers/security-contexts.ts";

/** A container whose user or group may be one of the node. */
export const lowUserId = containerRule(
  {
    id: "low-user-id",
    severity: "advice",
    title: "a container's user or group may be one of its node",
    why: `kube-score asks for numbers of 10000 and more, so that a process that leaves its container is no user of the node.
No profile of Seaworthy does: images are built for a user of their own, often 1000, and fail as another; \`hostUsers: false\`
gives every pod numbers of its own without a change of its image.`,
    mend: `\`hostUsers: false\`, where nodes can do that, or \`runAsUser\` and \`runAsGroup\` of 10000 and more with an image
that was built for them.`,
    sources: [
      "https://github.com/zegl/kube-score/blob/master/README_CHECKS.md",
      "https://kubernetes.io/docs/concepts/workloads/pods/user-namespaces/",
    ],
    peers: { "kube-score": ["container-security-context-user-group-id"] },
  },
  function* look(source, pod) {
    for (const [field, what] of [
      ["runAsUser", "user"],
      ["runAsGroup", "group"],
    ] as const) {
      const id = contextInForce(pod, source, field);
      if (id !== undefined && id >= 10_000) continue;
      yield {
        path: ["securityContext", field],
        message: `the ${what} of container ${source.container.name} ${id === undefined ? "is what its image says" : `is ${id}`}, and may be one of its node`,
        label: `${field} is not 10000 or more`,
        next: [
          "hostUsers: false, where nodes can do that",
          `securityContext.${field}: 10001, with an image for it`,
        ],
      };
    }
  },
);
