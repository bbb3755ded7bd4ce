import type { ServedType } from "@seaworthy/kube";
import type { Behavior } from "./resource.ts";
import { definitionBehavior } from "./custom-resource-definitions/definition-behavior.ts";
import { certificateSigningRequestBehavior } from "./certificate-signing-requests/certificate-signing-request-behavior.ts";
import { eventBehavior } from "./events/event-behavior.ts";
import { namespaceBehavior } from "./namespaces/namespace-behavior.ts";
import { podBehavior } from "./pods/pod-behavior.ts";
import { nodeBehavior } from "./nodes/node-behavior.ts";
import { clusterRoleBehavior, roleBehavior } from "./roles/role-behavior.ts";
import { clusterRoleBindingBehavior, roleBindingBehavior } from "./roles/role-binding-behavior.ts";
import { serviceAccountBehavior } from "./service-accounts/service-account-behavior.ts";
import { serviceBehavior } from "./services/service-behavior.ts";
import { priorityClassBehavior } from "./priority-classes/priority-class-behavior.ts";
import { persistentVolumeBehavior } from "./volumes/persistent-volume-behavior.ts";
import { persistentVolumeClaimBehavior } from "./volumes/persistent-volume-claim-behavior.ts";
import { daemonSetBehavior } from "./workloads/daemon-set-behavior.ts";
import { jobBehavior } from "./workloads/job-behavior.ts";
import { workloadBehavior } from "./workloads/workload-behavior.ts";

/** What this server does with a kind beyond storing it; nothing for most. */
export function findBehavior({ group, plural }: ServedType): Behavior {
  return behaviors[`${group}/${plural}`] ?? {};
}

const behaviors: Readonly<Record<string, Behavior>> = {
  "/events": eventBehavior,
  "/namespaces": namespaceBehavior,
  "/nodes": nodeBehavior,
  "/persistentvolumeclaims": persistentVolumeClaimBehavior,
  "/persistentvolumes": persistentVolumeBehavior,
  "/pods": podBehavior,
  "/replicationcontrollers": workloadBehavior,
  "/services": serviceBehavior,
  "/serviceaccounts": serviceAccountBehavior,
  "apiextensions.k8s.io/customresourcedefinitions": definitionBehavior,
  "apps/daemonsets": daemonSetBehavior,
  "apps/deployments": workloadBehavior,
  "apps/replicasets": workloadBehavior,
  "apps/statefulsets": workloadBehavior,
  "batch/cronjobs": workloadBehavior,
  "batch/jobs": jobBehavior,
  "certificates.k8s.io/certificatesigningrequests": certificateSigningRequestBehavior,
  "events.k8s.io/events": eventBehavior,
  "rbac.authorization.k8s.io/clusterrolebindings": clusterRoleBindingBehavior,
  "rbac.authorization.k8s.io/clusterroles": clusterRoleBehavior,
  "rbac.authorization.k8s.io/rolebindings": roleBindingBehavior,
  "rbac.authorization.k8s.io/roles": roleBehavior,
  "scheduling.k8s.io/priorityclasses": priorityClassBehavior,
};
