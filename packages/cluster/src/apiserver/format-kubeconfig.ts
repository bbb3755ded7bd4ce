/** A kubeconfig with one context, `seaworthy`, for a server that asks for no credentials. */
export function formatKubeconfig(server: string): string {
  return `apiVersion: v1
kind: Config
clusters:
  - name: seaworthy
    cluster:
      server: ${server}
users:
  - name: seaworthy
    user: {}
contexts:
  - name: seaworthy
    context:
      cluster: seaworthy
      user: seaworthy
      namespace: default
current-context: seaworthy
`;
}
