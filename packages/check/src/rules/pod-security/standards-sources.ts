/** Where the Pod Security Standards say what they demand, and where Kubernetes checks it. */
export function standardsSources(check: string): string[] {
  return [
    "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    `https://github.com/kubernetes/kubernetes/blob/v1.36.3/staging/src/k8s.io/pod-security-admission/policy/check_${check}.go`,
  ];
}
