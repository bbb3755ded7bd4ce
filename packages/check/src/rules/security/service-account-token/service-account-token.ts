import type { KubeObject } from "@seaworthy/kube";
import { podRule } from "../../../make-rule.ts";
import { offerToSet } from "../../../fixes.ts";
import { isBound } from "../../../objects/role-bindings.ts";

/** A pod that gets a token of the API and has no use for it. */
export const serviceAccountToken = podRule(
  {
    id: "service-account-token",
    severity: "advice",
    title: "a pod gets a token of the API that it may not need",
    why: `Every pod gets a token of its ServiceAccount in a file, unless it is told not to. Whoever gets into the container can
ask the API with it: at least what the cluster's version and APIs are, and all that somebody ever gave that account.`,
    mend: `\`automountServiceAccountToken: false\` in the pod. Programs that do ask the API, such as operators, have a
ServiceAccount of their own with a role: the rule is silent where a binding of it is among the checked objects.`,
    sources: [
      "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#opt-out-of-api-credential-automounting",
    ],
    profile: "strict",
    peers: { polaris: ["automountServiceAccountToken"] },
  },
  function* look(pod, set) {
    const { automountServiceAccountToken: mounts, serviceAccountName, serviceAccount } = pod.spec;
    const name = serviceAccountName || serviceAccount || "default";
    const account = set.beside<KubeObject>(pod.manifest.object, "ServiceAccount", name)?.object;
    if ((mounts ?? account?.["automountServiceAccountToken"]) === false) return;
    if (isBound(set, pod, name)) return;
    const path = ["spec", "automountServiceAccountToken"];
    yield {
      path,
      message: `the pod gets a token of ServiceAccount ${name}, and nothing here says what for`,
      label: "no automountServiceAccountToken: false",
      next: ["automountServiceAccountToken: false, unless it asks the API"],
      fix: offerToSet(pod, path, false),
    };
  },
);
