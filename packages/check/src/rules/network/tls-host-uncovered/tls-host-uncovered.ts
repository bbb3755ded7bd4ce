import { formatObjectName, nearestName, type Ingress } from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";

/** A host of an Ingress with TLS that has none. */
export const tlsHostUncovered = objectRule<Ingress>(
  {
    id: "tls-host-uncovered",
    severity: "warning",
    title: "an Ingress with TLS has a host without it",
    kind: "Ingress",
    group: "networking.k8s.io",
    why: `The edge has a certificate for the hosts under \`tls\` only. For the others it serves one that browsers do not trust, or plain HTTP,
while the Ingress looks as if it had TLS.`,
    mend: "Add the host under `tls`, or correct it there.",
    sources: ["https://kubernetes.io/docs/concepts/services-networking/ingress/#tls"],
    profile: "default",
  },
  function* (manifest) {
    const { tls = [], rules = [] } = manifest.object.spec;
    // Without hosts an entry means those of the rules.
    if (tls.length === 0 || tls.some(({ hosts = [] }) => hosts.length === 0)) return;
    const covered = tls.flatMap(({ hosts = [] }) => hosts);
    for (const [index, { host }] of rules.entries()) {
      if (host === undefined || host === "") continue;
      if (covered.includes(host) || covered.includes(host.replace(/^[^.]+/, "*"))) continue;
      const near = nearestName(host, covered, 3);
      yield {
        path: ["spec", "rules", index, "host"],
        message: `${formatObjectName(manifest.object)} has TLS, but not for ${host}`,
        label: near === undefined ? "not under tls" : `tls has ${near}`,
        next: [near === undefined ? `add ${host} to spec.tls` : `write the same host under tls and here`],
      };
    }
  },
);
