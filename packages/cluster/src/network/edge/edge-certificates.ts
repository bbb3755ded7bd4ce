import { createPrivateKey, X509Certificate } from "node:crypto";
import { createSecureContext, type SecureContext } from "node:tls";
import { selfSigned, type KeyPair } from "@seaworthy/certificates";
import { formatObjectName, type Ingress, type Secret } from "@seaworthy/kube";
import { hostsOfTls, namesOfHost } from "./ingress/tls-hosts.ts";

/** The certificates that the edge shows its clients. */
export interface EdgeCertificates {
  /** Shown where no other is meant, and to clients that name no host. */
  readonly fallback: KeyPair;
  /** What a client that asks for this name gets, by the objects of now; undefined for the fallback. */
  contextFor(serverName: string): SecureContext | undefined;
}

/** A certificate that an object names for a host, in lower case; "" for every host that has none of its own. */
export interface NamedCertificate {
  readonly host: string;
  /** The object, for people. */
  readonly source: string;
  readonly namespace: string;
  readonly secretName: string;
}

/** What certificates are made of: those that objects name now, the best of a host first, and the Secrets. */
export interface EdgeCertificatesOptions {
  readonly named: () => readonly NamedCertificate[];
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
  const { named, secrets, onNotice } = options;
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
      const found = certificateFor(host, named());
      if (found === undefined) return undefined;
      const { namespace, source, secretName } = found;
      const instead = `clients of ${host} get the edge's own certificate`;
      const what = `the Secret ${secretName} that ${source} names for TLS`;
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

/** The certificates that Ingresses ask for, the oldest Ingress first. */
export function certificatesOfIngresses(ingresses: readonly Ingress[]): NamedCertificate[] {
  const age = ({ metadata }: Ingress) => `${metadata.creationTimestamp ?? ""} ${metadata.name}`;
  return ingresses
    .toSorted((left, right) => (age(left) < age(right) ? -1 : 1))
    .flatMap((ingress) =>
      (ingress.spec.tls ?? []).flatMap((entry) => {
        const { secretName = "" } = entry;
        const { namespace = "default" } = ingress.metadata;
        const common = { source: formatObjectName(ingress), namespace, secretName };
        return secretName === "" ? [] : hostsOfTls(ingress, entry).map((host) => ({ ...common, host }));
      }),
    );
}

/** A host by its own name comes before a wildcard; "" stands for every host. */
function certificateFor(host: string, all: readonly NamedCertificate[]): NamedCertificate | undefined {
  for (const name of [...namesOfHost(host), ""]) {
    const found = all.find((each) => each.host === name);
    if (found !== undefined) return found;
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
