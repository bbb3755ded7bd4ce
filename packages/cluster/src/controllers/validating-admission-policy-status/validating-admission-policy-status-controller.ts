import { checkPolicy, resourceTypes, type CheckedPolicy, type KubeObject } from "@seaworthy/kube";
import type { ControllerContext } from "../reconciler/controller-context.ts";
import { startReconciler, watch } from "../reconciler/start-reconciler.ts";

interface ValidatingAdmissionPolicy extends KubeObject {
  spec: CheckedPolicy;
  status?: { observedGeneration?: number; typeChecking?: object };
}

/**
 * Says in the status of ValidatingAdmissionPolicies what their expressions get wrong about what they match, once for each
 * generation.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/validatingadmissionpolicystatus/controller.go
 */
export async function startValidatingAdmissionPolicyStatusController(
  context: ControllerContext,
): Promise<AsyncDisposable> {
  const { client, informers, kinds } = context;
  const type = resourceTypes.validatingadmissionpolicies;
  const policies = informers.of<ValidatingAdmissionPolicy>(type);
  return await startReconciler(context, {
    name: "validatingadmissionpolicy-status-controller",
    watches: [watch(policies, ({ object }) => [object.metadata.name])],
    async sync(name) {
      const policy = policies.get(undefined, name);
      if (policy === undefined) return;
      const { generation = 0 } = policy.metadata;
      if (generation <= (policy.status?.observedGeneration ?? 0)) return;
      const warnings = checkPolicy(policy.spec, kinds.findByPath);
      const typeChecking = warnings.length === 0 ? {} : { expressionWarnings: warnings };
      const status = { ...policy.status, observedGeneration: generation, typeChecking };
      await client.update<ValidatingAdmissionPolicy>(type, { ...policy, status }, "status");
    },
  });
}
