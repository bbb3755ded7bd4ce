/** What the kubeconfig of the administrator holds. */
export interface KubeconfigContent {
  /** `https://127.0.0.1:PORT`. */
  readonly server: string;
  /** PEM of the authority that signed the server's certificate. */
  readonly ca: string;
  /** PEM of the administrator's certificate and key. */
  readonly cert: string;
  readonly key: string;
  /** For programs that send no client certificate. */
  readonly token: string;
}

/** A kubeconfig with one context, `seaworthy`, whose user is the cluster's administrator. */
export function formatKubeconfig({ server, ca, cert, key, token }: KubeconfigContent): string {
  return `apiVersion: v1
kind: Config
clusters:
  - name: seaworthy
    cluster:
      server: ${server}
      certificate-authority-data: ${base64(ca)}
users:
  - name: seaworthy
    user:
      client-certificate-data: ${base64(cert)}
      client-key-data: ${base64(key)}
      token: ${token}
contexts:
  - name: seaworthy
    context:
      cluster: seaworthy
      user: seaworthy
      namespace: default
current-context: seaworthy
`;
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
