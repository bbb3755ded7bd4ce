import { podRule } from "../../../make-rule.ts";

/** Pods that look up every name of the internet five times. */
export const dnsOptionsUnset = podRule(
  {
    id: "dns-options-unset",
    severity: "advice",
    title: "pods keep the default options for looking up names",
    why: `With the default \`ndots:5\`, a name of the internet is first looked up in each domain of the cluster: five questions
in place of one. An app that opens many connections to others loads the cluster's DNS with that. Most apps do not, so
that this rule is in no profile.`,
    mend: `\`dnsConfig: {options: [{name: ndots, value: "2"}]}\`; or write such names with a dot at their end.`,
    sources: [
      "https://docs.kubelinter.io/#/generated/checks?id=dnsconfig-options",
      "https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-dns-config",
    ],
    peers: { "kube-linter": ["dnsconfig-options"] },
  },
  function* look({ spec, manifest }) {
    if ((spec.dnsConfig?.options ?? []).some(({ name }) => name === "ndots")) return;
    yield {
      path: ["spec", "dnsConfig", "options"],
      message: `pods of ${manifest.object.metadata.name} look up each name of the internet in every domain of the cluster first`,
      label: "no ndots",
      next: ['dnsConfig.options: [{name: ndots, value: "2"}]'],
    };
  },
);
