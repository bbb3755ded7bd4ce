import { createCertificateAuthority } from "@seaworthy/certificates";
import type { Secret } from "@seaworthy/kube";

const hourMs = 3_600_000;

/** A Secret with a certificate for a host name, and what a client must trust to accept it. */
export function tlsSecret(
  host: string,
  metadata: { readonly name: string; readonly namespace: string },
): { readonly secret: Secret; readonly ca: string } {
  const now = Date.now();
  const authority = createCertificateAuthority("authority of a test", {
    notBefore: new Date(now - hourMs),
    notAfter: new Date(now + 24 * hourMs),
  });
  const { cert, key } = authority.issue({ commonName: host, usage: "server", dnsNames: [host] });
  const data = { "tls.crt": btoa(cert), "tls.key": btoa(key) };
  return {
    secret: { apiVersion: "v1", kind: "Secret", metadata, type: "kubernetes.io/tls", data },
    ca: authority.cert,
  };
}
