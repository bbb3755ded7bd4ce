import type { Ingress } from "@seaworthy/kube";

/** The hosts of a `tls` entry, in lower case. One without hosts means those of the rules. */
export function hostsOfTls(
  { spec }: Ingress,
  { hosts }: NonNullable<Ingress["spec"]["tls"]>[number],
): string[] {
  return (hosts ?? (spec.rules ?? []).map((rule) => rule.host ?? "")).map((host) => host.toLowerCase());
}

/** A host, and the wildcard that stands for it, in the order in which certificates are looked for. */
export function namesOfHost(host: string): string[] {
  const dot = host.indexOf(".");
  return dot > 0 ? [host, `*${host.slice(dot)}`] : [host];
}
