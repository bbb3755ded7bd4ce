import { formatObjectName, type Ingress } from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";

/** An annotation that ingress-nginx does not take any more. */
export const nginxSnippet = objectRule<Ingress>(
  {
    id: "nginx-snippet",
    severity: "warning",
    title: "an Ingress brings a snippet of nginx's configuration",
    kind: "Ingress",
    group: "networking.k8s.io",
    why: `Who may write a snippet can read every Secret that the controller can (CVE-2021-25742), so that ingress-nginx refuses them since
1.9 unless its administrator allows them: then the whole Ingress is not served, or is rejected by its webhook.`,
    mend: "Use an annotation made for the purpose, or a filter of an HTTPRoute.",
    sources: [
      "https://github.com/kubernetes/ingress-nginx/issues/7837",
      "https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/configmap/#allow-snippet-annotations",
    ],
    profile: "default",
  },
  function* ({ object }) {
    for (const key of Object.keys(object.metadata.annotations ?? {})) {
      if (!/^nginx\.ingress\.kubernetes\.io\/.*snippet$/.test(key)) continue;
      yield {
        path: ["metadata", "annotations", key],
        atKey: true,
        message: `${formatObjectName(object)} brings a snippet, which ingress-nginx refuses unless it is told otherwise`,
        label: "not allowed by default since 1.9",
        next: [
          "use an annotation made for the purpose",
          "or say in an ignore that your controller allows snippets",
        ],
      };
    }
  },
);
