import { deepEqual } from "@seaworthy/kube";
import type { ControllerContext } from "../reconciler/controller-context.ts";
import { startReconciler, watch } from "../reconciler/start-reconciler.ts";
import { resourceTypes } from "@seaworthy/kube";
import { aggregateRules, type ClusterRole } from "./aggregate-rules.ts";

/** Keeps the rules of those ClusterRoles that gather the rules of others. */
export async function startClusterRoleAggregationController(
  context: ControllerContext,
): Promise<AsyncDisposable> {
  const { client, informers } = context;
  const roles = informers.of<ClusterRole>(resourceTypes.clusterroles);
  return await startReconciler(context, {
    name: "clusterrole-aggregation-controller",
    // Any change may concern any of those that gather.
    watches: [
      watch(roles, () =>
        roles
          .list()
          .filter(({ aggregationRule }) => aggregationRule !== undefined)
          .map(({ metadata }) => metadata.name),
      ),
    ],
    async sync(name) {
      const role = roles.get(undefined, name);
      if (role?.aggregationRule === undefined) return;
      const rules = aggregateRules(role, roles.list());
      if (!deepEqual(rules, role.rules ?? []))
        await client.update<ClusterRole>(resourceTypes.clusterroles, { ...role, rules });
    },
  });
}
