import { createPrivateKey, X509Certificate } from "node:crypto";
import { createSecureContext, type SecureContext } from "node:tls";
import { selfSigned, type KeyPair } from "@seaworthy/certificates";
import { formatObjectName, type Ingress, type Secret } from "@seaworthy/kube";
import { hostsOfTls, namesOfHost } from "./ingress/tls-hosts.ts";

/** The certificates that the edge shows its clients. */
export interface EdgeCertificates {
  /** Shown where no other is meant, and to clients that name no host. */
  readonly fallback: KeyPair;
  /** What a client that asks for this name gets, by the Ingresses and Secrets of now; undefined for the fallback. */
  contextFor(serverName: string): SecureContext | undefined;
}

/** What certificates are made of: the Ingresses of now, and the Secrets that they name. */
export interface EdgeCertificatesOptions {
  readonly ingresses: { list(): readonly Ingress[] };
  readonly secrets: { get(namespace: string | undefined, name: string): Secret | undefined };
  readonly onNotice: (text: string) => void;
}

/**
 * Chooses certificates by name (SNI) as ingress-nginx does: the Secret of the `tls` entry that lists the host, unless it is
 * missing, broken or made for other names; then the fallback (internal/ingress/controller/controller.go, createServers).
 * Everything is looked up when a client asks, so a new certificate needs no reload, and a Secret that comes a moment after
 * its Ingress is no problem to tell of.
 */
export function createEdgeCertificates(options: EdgeCertificatesOptions): EdgeCertificates {
  const { ingresses, secrets, onNotice } = options;
  const told = new Set<string>();
  // An informer puts a new object in the place of one that changed, so what was read of an object holds for ever.
  const read = new WeakMap<Secret, ReadSecret>();
  function tellOnce(text: string): undefined {
    if (!told.has(text)) onNotice(text);
    told.add(text);
    return undefined;
  }
  return {
    fallback: selfSigned({
      // The name that people know from `curl -v`, and the year that it is good for, are those of ingress-nginx.
      commonName: "Kubernetes Ingress Controller Fake Certificate",
      notAfter: new Date(Date.now() + 365 * 24 * 3_600_000),
    }),
    contextFor(serverName) {
      const host = serverName.toLowerCase();
      const found = secretFor(host, ingresses.list());
      if (found === undefined) return undefined;
      const { ingress, secretName } = found;
      const { namespace = "default" } = ingress.metadata;
      const instead = `clients of ${host} get the edge's own certificate`;
      const what = `the Secret ${secretName} that ${formatObjectName(ingress)} names for TLS`;
      const secret = secrets.get(namespace, secretName);
      if (secret === undefined) return tellOnce(`${what} is missing: ${instead}`);
      const certificate = read.get(secret) ?? readSecret(secret);
      read.set(secret, certificate);
      if ("problem" in certificate) return tellOnce(`${what} ${certificate.problem}: ${instead}`);
      if (certificate.leaf.checkHost(host) === undefined)
        return tellOnce(`${what} holds a certificate for other names: ${instead}`);
      return certificate.context;
    },
  };
}

type ReadSecret =
  | { readonly context: SecureContext; readonly leaf: X509Certificate }
  | { readonly problem: string };

/** The oldest Ingress that lists the host wins, and a host by its own name comes before a wildcard. */
function secretFor(
  host: string,
  ingresses: readonly Ingress[],
): { readonly ingress: Ingress; readonly secretName: string } | undefined {
  const age = ({ metadata }: Ingress) => `${metadata.creationTimestamp ?? ""} ${metadata.name}`;
  const oldestFirst = ingresses.toSorted((left, right) => (age(left) < age(right) ? -1 : 1));
  for (const name of namesOfHost(host))
    for (const ingress of oldestFirst)
      for (const entry of ingress.spec.tls ?? []) {
        const { secretName = "" } = entry;
        if (secretName !== "" && hostsOfTls(ingress, entry).includes(name)) return { ingress, secretName };
      }
  return undefined;
}

function readSecret({ data = {} }: Secret): ReadSecret {
  const cert = data["tls.crt"];
  const key = data["tls.key"];
  if (cert === undefined || key === undefined) return { problem: "has no tls.crt and tls.key" };
  try {
    const chain = Buffer.from(cert, "base64");
    const privateKey = Buffer.from(key, "base64");
    const leaf = new X509Certificate(chain);
    if (!leaf.checkPrivateKey(createPrivateKey(privateKey)))
      return { problem: "holds a key of another certificate" };
    return { leaf, context: createSecureContext({ cert: chain, key: privateKey }) };
  } catch (error) {
    return { problem: `cannot be read (${(error as Error).message})` };
  }
}
