import type { KubeObject, Secret } from "../../../object.ts";

/** The first thing that Go's tls.X509KeyPair looks for; whether key and certificate belong together is not asked. */
export function* secretWarnings(object: KubeObject): Generator<string> {
  const { type, data = {} } = object as Secret;
  if (type !== "kubernetes.io/tls") return;
  const isPem = (key: string) => Buffer.from(data[key] ?? "", "base64").includes("-----BEGIN");
  if (!isPem("tls.crt")) yield "tls: failed to find any PEM data in certificate input";
  else if (!isPem("tls.key")) yield "tls: failed to find any PEM data in key input";
}
