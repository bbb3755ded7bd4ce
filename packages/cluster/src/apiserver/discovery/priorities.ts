import { apiVersionOf } from "@seaworthy/kube";

/** Where a group in a version stands beside others: the higher ones come first, and are preferred. */
export interface Priority {
  readonly groupPriority: number;
  readonly versionPriority: number;
}

/** The place of what this server serves itself; custom kinds come after all that is Kubernetes' own. */
export function priorityOf(of: { readonly group: string; readonly version: string }): Priority {
  const [groupPriority, versionPriority] = priorities[apiVersionOf(of)] ?? customPriorities;
  return { groupPriority, versionPriority };
}

type Pair = readonly [groupPriority: number, versionPriority: number];

/** https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controlplane/controller/crdregistration/crdregistration_controller.go */
const customPriorities: Pair = [1000, 100];

/**
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/cmd/kube-apiserver/app/aggregator.go (apiVersionPriorities),
 * and what metrics-server says of itself.
 */
const priorities: Readonly<Record<string, Pair>> = {
  "apiregistration.k8s.io/v1": [20_001, 0],
  v1: [18_000, 1],
  "apps/v1": [17_800, 15],
  "events.k8s.io/v1": [17_750, 15],
  "authentication.k8s.io/v1": [17_700, 15],
  "authorization.k8s.io/v1": [17_600, 15],
  "autoscaling/v2": [17_500, 30],
  "autoscaling/v1": [17_500, 15],
  "batch/v1": [17_400, 15],
  "certificates.k8s.io/v1": [17_300, 15],
  "networking.k8s.io/v1": [17_200, 15],
  "policy/v1": [17_100, 15],
  "rbac.authorization.k8s.io/v1": [17_000, 15],
  "storage.k8s.io/v1": [16_800, 15],
  "admissionregistration.k8s.io/v1": [16_700, 15],
  "apiextensions.k8s.io/v1": [16_700, 15],
  "scheduling.k8s.io/v1": [16_600, 15],
  "coordination.k8s.io/v1": [16_500, 15],
  "node.k8s.io/v1": [16_300, 15],
  "discovery.k8s.io/v1": [16_200, 15],
  "resource.k8s.io/v1": [16_200, 21],
  "flowcontrol.apiserver.k8s.io/v1": [16_100, 21],
  "metrics.k8s.io/v1beta1": [100, 100],
};
