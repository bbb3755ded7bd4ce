import { formatObjectName, type Gateway } from "@seaworthy/kube";
import { objectRule } from "../../../make-rule.ts";

/** A listener of HTTPS that cannot. */
export const listenerWithoutCertificate = objectRule<Gateway>(
  {
    id: "listener-without-certificate",
    severity: "error",
    title: "a listener of HTTPS has no certificate",
    kind: "Gateway",
    group: "gateway.networking.k8s.io",
    why: `A listener that ends TLS needs a certificate. Without one it is not programmed, and its port is closed, while the other listeners of the
Gateway work.`,
    mend: "Name the Secret with the certificate in `tls.certificateRefs`, or let cert-manager make one by an annotation of the Gateway.",
    sources: ["https://gateway-api.sigs.k8s.io/guides/tls/"],
    profile: "default",
  },
  function* ({ object }) {
    for (const [index, { name, protocol, tls }] of (object.spec?.listeners ?? []).entries()) {
      const ends = protocol === "HTTPS" || (protocol === "TLS" && tls?.mode === "Terminate");
      const isGiven = (tls?.certificateRefs ?? []).length > 0 || (tls !== undefined && "options" in tls);
      if (!ends || tls?.mode === "Passthrough" || isGiven) continue;
      yield {
        path: ["spec", "listeners", index, "tls", "certificateRefs"],
        message: `listener ${name} of ${formatObjectName(object)} has no certificate`,
        label: "certificateRefs is missing",
        next: ["tls: {certificateRefs: [{name: the Secret with the certificate}]}"],
      };
    }
  },
);
