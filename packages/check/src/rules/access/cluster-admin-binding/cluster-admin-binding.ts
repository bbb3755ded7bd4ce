import { formatObjectName } from "@seaworthy/kube";
import { bindingsOf } from "../../../objects/role-bindings.ts";
import type { Rule } from "../../../rule.ts";

/** A binding that gives a program all that can be done. */
export const clusterAdminBinding: Rule = {
  id: "cluster-admin-binding",
  severity: "warning",
  title: "a program may do everything in the cluster",
  why: `\`cluster-admin\` may read every Secret, delete every namespace and change every permission. When such a program
has a fault or is taken over, so is the cluster. In a RoleBinding it is all of one namespace, with its Secrets.`,
  mend: `Write a role with what the program does: \`kubectl auth can-i --list\`, or the audit log, shows what it asks for.`,
  sources: [
    "https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
    "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles",
  ],
  profile: "default",
  peers: {
    "kube-linter": ["cluster-admin-role-binding"],
    polaris: [
      "clusterrolebindingClusterAdmin",
      "rolebindingClusterAdminClusterRole",
      "rolebindingClusterAdminRole",
    ],
  },
  *check(set) {
    for (const manifest of bindingsOf(set)) {
      const { object } = manifest;
      if (object.roleRef?.kind !== "ClusterRole" || object.roleRef.name !== "cluster-admin") continue;
      // Kubernetes' own binding comes with every cluster.
      if (object.metadata.labels?.["kubernetes.io/bootstrapping"] === "rbac-defaults") continue;
      const subjects = (object.subjects ?? []).map(({ kind, name }) => `${kind} ${name}`).join(", ");
      if (subjects === "") continue;
      const where = object.kind === "RoleBinding" ? "in its namespace" : "in the cluster";
      yield {
        manifest,
        path: ["roleRef", "name"],
        message: `${formatObjectName(object)} lets ${subjects} do everything ${where}`,
        label: "everything, Secrets as well",
        next: ["a role with the verbs and resources that are needed"],
      };
    }
  },
};
