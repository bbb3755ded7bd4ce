import { formatObjectName, type Deployment } from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";
import { isDatabase } from "../../../objects/containers/known-images.ts";
import { holdsData } from "../../../objects/workloads/claims.ts";
import { findPods } from "../../../objects/pod-source.ts";
import { callingServicesOf } from "../../../objects/network/calling-services.ts";

/** A Deployment behind a Service that ends all its pods before it starts new ones. */
export const recreate = objectRule<Deployment>(
  {
    id: "recreate",
    kind: "Deployment",
    group: "apps",
    severity: "warning",
    title: "strategy Recreate behind a Service",
    why: `Each rollout ends every pod before the first new one starts. Until that is ready, every request fails; if it never
gets ready, all fail until somebody goes back.`,
    mend: `Leave \`strategy\` out, or set \`type: RollingUpdate\` with \`maxUnavailable: 0\`. Recreate is right where two versions
must not run at once, or where a volume can be mounted by one node only: this rule says nothing of pods with claims,
and of known databases.`,
    sources: ["https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#recreate-deployment"],
    profile: "default",
    losesRequests: true,
    peers: { "kube-score": ["deployment-strategy"], "kube-linter": ["no-rolling-update-strategy"] },
  },
  function* look(manifest, set) {
    if (manifest.object.spec.strategy?.type !== "Recreate") return;
    const [pod] = findPods(manifest);
    const [service] = pod === undefined ? [] : callingServicesOf(pod, set);
    if (pod === undefined || service === undefined || holdsData(pod, set) || isDatabase(pod)) return;
    const edit = { manifest, path: ["spec", "strategy", "type"], value: "RollingUpdate" } as const;
    yield {
      path: ["spec", "strategy", "type"],
      message: `each rollout of ${manifest.object.metadata.name} leaves ${formatObjectName(service.object)} without any pod`,
      label: "ends all pods first",
      next: ["strategy: {type: RollingUpdate, rollingUpdate: {maxUnavailable: 0}}"],
      fix: { isSafe: false, edits: [{ ...edit, op: "set" }] },
    };
  },
);
