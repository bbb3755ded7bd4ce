import { createCertificateAuthority, type KeyPair } from "@seaworthy/certificates";

/** How this server shows extension API servers that it is the one who speaks for others. */
export interface FrontProxy {
  /** PEM of the authority that signed its certificate, and nobody else's. */
  readonly authority: string;
  readonly client: KeyPair;
}

/** The one name that `extension-apiserver-authentication` allows. */
const frontProxyName = "front-proxy-client";

const hourMs = 3_600_000;
const lifetimeMs = 365 * 24 * hourMs;

/**
 * Makes the certificate, by an authority of its own: whoever else has a certificate of the cluster's must not be believed when he
 * says for whom he asks. It is made at each start, because extension servers follow the ConfigMap that tells of it.
 * https://kubernetes.io/docs/tasks/extend-kubernetes/configure-aggregation-layer/#ca-reusage-and-conflicts
 */
export function createFrontProxy(nowMs: number): FrontProxy {
  const authority = createCertificateAuthority("front-proxy-ca", {
    notBefore: new Date(nowMs - hourMs),
    notAfter: new Date(nowMs + lifetimeMs),
  });
  return {
    authority: authority.cert,
    client: authority.issue({ commonName: frontProxyName, usage: "client" }),
  };
}
