import { formatObjectName } from "@seaworthy/kube";
import { bindingsOf } from "../../../objects/role-bindings.ts";
import type { Rule } from "../../../rule.ts";

/** A binding that gives everybody a role. */
export const anonymousBinding: Rule = {
  id: "anonymous-binding",
  severity: "error",
  title: "everybody may use a role, without a name",
  why: `\`system:anonymous\` and \`system:unauthenticated\` are all who can reach the API server, from the internet in many
clusters; \`system:authenticated\` is each pod of the cluster, and at some providers everyone who has an account there. Miners
look for such bindings.`,
  mend: `Name the users, groups or ServiceAccounts who need the role.`,
  sources: [
    "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
    "https://kubernetes.io/docs/reference/access-authn-authz/authentication/#anonymous-requests",
  ],
  profile: "default",
  *check(set) {
    for (const manifest of bindingsOf(set)) {
      const { object } = manifest;
      // Kubernetes' own let everyone ask for the version and the health.
      if (object.metadata.labels?.["kubernetes.io/bootstrapping"] === "rbac-defaults") continue;
      for (const [index, { name }] of (object.subjects ?? []).entries()) {
        const who = everybody.get(name);
        if (who === undefined) continue;
        yield {
          manifest,
          path: ["subjects", index, "name"],
          message: `${formatObjectName(object)} gives the role ${object.roleRef?.name ?? ""} to ${who}`,
          label: who,
          next: ["name the users, groups or ServiceAccounts who need the role"],
        };
      }
    }
  },
};

const everybody: ReadonlyMap<string, string> = new Map([
  ["system:anonymous", "everybody who reaches the API server"],
  ["system:unauthenticated", "everybody who reaches the API server"],
  ["system:authenticated", "everybody with any account, each pod included"],
  ["system:serviceaccounts", "each pod of the cluster"],
]);
