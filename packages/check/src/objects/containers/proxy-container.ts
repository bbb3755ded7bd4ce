import type { Container } from "@seaworthy/kube";

/** Whether a container is a proxy, by its name or its image: others reach the app through it, or the app others. */
export function isProxy({ name, image = "" }: Container): boolean {
  return known.test(`${name} ${image}`);
}

const known =
  /envoy|istio-?proxy|proxyv2|linkerd|cloud-?sql|alloydb|pgbouncer|oauth2-proxy|nginx|haproxy|traefik|\bdaprd?\b|[-_/]proxy\b/;
