import type { CertificateAuthority } from "@seaworthy/certificates";
import type { KubeObject } from "@seaworthy/kube";

/** The keys of a cluster, as far as controllers sign with them. Nobody gets at the keys themselves. */
export interface ClusterSigner {
  /** Signed the API server's certificate, and signs those of its clients. */
  readonly authority: Pick<CertificateAuthority, "cert" | "sign">;
  /** PEM of the authority by which extension API servers know the API server. */
  readonly frontProxyAuthority: string;
  /** Makes a token of a ServiceAccount for a Secret to hold. */
  issueForSecret(serviceAccount: KubeObject, secret: KubeObject): string;
}
