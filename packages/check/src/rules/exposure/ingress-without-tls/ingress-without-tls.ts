import type { Ingress } from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";

/** An Ingress host without a certificate. */
export const ingressWithoutTls = objectRule<Ingress>(
  {
    kind: "Ingress",
    group: "networking.k8s.io",
    id: "ingress-without-tls",
    severity: "advice",
    title: "an Ingress serves a host without TLS",
    why: `Whatever is asked and answered for that host, passwords and cookies too, can be read and changed on its way; and
browsers call the page insecure. Names below \`localhost\` are left out: they lead to the machine that asks.`,
    mend: `\`tls: [{hosts: [shop.example.com], secretName: shop-tls}]\`; cert-manager makes and renews the Secret. Where a load
balancer before the cluster ends TLS, ignore the rule and say so.`,
    sources: [
      "https://kubernetes.io/docs/concepts/services-networking/ingress/#tls",
      "https://www.rfc-editor.org/rfc/rfc6761#section-6.3",
    ],
    givesWayTo: ["tls-host-uncovered"],
    profile: "strict",
    peers: { polaris: ["tlsSettingsMissing"] },
  },
  function* look({ object: { metadata, spec } }) {
    const tls = spec?.tls ?? [];
    // An entry without hosts is for all that have none of their own.
    if (tls.some(({ hosts }) => (hosts ?? []).length === 0)) return;
    const secured = tls.flatMap(({ hosts }) => hosts ?? []);
    if (spec?.rules === undefined && tls.length === 0 && spec?.defaultBackend) {
      yield {
        path: ["spec", "tls"],
        message: `Ingress ${metadata.name} serves everything without TLS`,
        label: "no tls",
        next,
      };
      return;
    }
    for (const [index, { host }] of (spec?.rules ?? []).entries()) {
      if (host ? isLocal(host) || secured.some((each) => covers(each, host)) : tls.length > 0) continue;
      yield {
        path: ["spec", "rules", index, "host"],
        message: `Ingress ${metadata.name} serves ${host ?? "every host"} without TLS`,
        label: "no certificate for it",
        next,
      };
    }
  },
);

const next = ["spec.tls: [{hosts: [HOST], secretName: NAME}]"];

/** A request to such a name never leaves its machine, and browsers trust it as it is. */
function isLocal(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost");
}

/** `*.example.com` is for one label more. */
function covers(pattern: string, host: string): boolean {
  return pattern === host || (pattern.startsWith("*.") && pattern.slice(1) === host.slice(host.indexOf(".")));
}
