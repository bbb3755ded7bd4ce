import { fileURLToPath } from "node:url";
import { createCertificateAuthority } from "@seaworthy/certificates";

const dayMs = 24 * 3_600_000;
const validity = { notBefore: new Date(Date.now() - dayMs), notAfter: new Date(Date.now() + dayMs) };
const authority = createCertificateAuthority("extensions", validity);

/** What a chart of an extension API server brings; `program` is the URL of a file, and `versions` are what it serves. */
export function extensionManifest(
  name: string,
  program: string,
  versions: readonly { readonly group: string; readonly version: string }[],
): string {
  const dnsNames = [`${name}.default.svc`];
  const { cert, key } = authority.issue({ commonName: name, usage: "server", dnsNames });
  const path = fileURLToPath(program);
  const caBundle = Buffer.from(authority.cert).toString("base64");
  const apiServices = versions.map(
    ({ group, version }) => `
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: ${version}.${group}}
spec:
  group: ${group}
  version: ${version}
  groupPriorityMinimum: 1000
  versionPriority: 15
  service: {name: ${name}, namespace: default}
  caBundle: ${caBundle}
`,
  );
  return [
    `
apiVersion: v1
kind: ServiceAccount
metadata: {name: ${name}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: ${name}-reads-authentication, namespace: kube-system}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: extension-apiserver-authentication-reader}
subjects: [{kind: ServiceAccount, name: ${name}, namespace: default}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: ${name}-asks-who-may}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: "system:auth-delegator"}
subjects: [{kind: ServiceAccount, name: ${name}, namespace: default}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      serviceAccountName: ${name}
      terminationGracePeriodSeconds: 0
      containers:
        - name: server
          image: app
          args: [${JSON.stringify(path)}]
          env:
            - {name: TLS_CERT, value: ${JSON.stringify(cert)}}
            - {name: TLS_KEY, value: ${JSON.stringify(key)}}
          ports: [{containerPort: 8443}]
          readinessProbe: {tcpSocket: {port: 8443}, periodSeconds: 1}
---
apiVersion: v1
kind: Service
metadata: {name: ${name}}
spec: {selector: {app: ${name}}, ports: [{port: 443, targetPort: 8443}]}
`,
    ...apiServices,
  ].join("---");
}
