/** The addresses that a load balancer gave a Service or an Ingress, as `kubectl get` shows them. */
export function loadBalancerAddresses(ingress: readonly { ip?: string; hostname?: string }[]): string {
  const addresses = new Set(ingress.flatMap(({ ip, hostname }) => ip ?? hostname ?? []));
  return [...addresses].sort().join(",");
}
