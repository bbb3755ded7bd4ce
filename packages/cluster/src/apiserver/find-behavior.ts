import type { ServedType } from "@seaworthy/kube";
import type { Behavior } from "./resource.ts";
import { eventBehavior } from "./events/event-behavior.ts";
import { ingressBehavior } from "./ingresses/ingress-behavior.ts";
import { namespaceBehavior } from "./namespaces/namespace-behavior.ts";
import { podBehavior } from "./pods/pod-behavior.ts";
import { serviceBehavior } from "./services/service-behavior.ts";
import { deploymentBehavior, replicaSetBehavior } from "./workloads/workload-behavior.ts";

/** What this server does with a kind beyond storing it; nothing for most. */
export function findBehavior({ group, plural }: ServedType): Behavior {
  return behaviors[`${group}/${plural}`] ?? {};
}

const behaviors: Readonly<Record<string, Behavior>> = {
  "/events": eventBehavior,
  "/namespaces": namespaceBehavior,
  "/pods": podBehavior,
  "/services": serviceBehavior,
  "apps/deployments": deploymentBehavior,
  "apps/replicasets": replicaSetBehavior,
  "networking.k8s.io/ingresses": ingressBehavior,
};
