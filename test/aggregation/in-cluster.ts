import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { request as sendHttps } from "node:https";
import {
  startExtension,
  type ExtensionOptions,
} from "../../packages/cluster/src/apiserver/testing/extension-server.ts";

const folder = "/var/run/secrets/kubernetes.io/serviceaccount";
const { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port, TLS_CERT, TLS_KEY } = process.env;

/** Asks the cluster, as the ServiceAccount of the pod. */
export async function ask(
  method: string,
  path: string,
  body?: object,
): Promise<Readonly<Record<string, any>>> {
  const headers = {
    authorization: `Bearer ${readFileSync(`${folder}/token`, "utf8")}`,
    "content-type": "application/json",
  };
  const ca = readFileSync(`${folder}/ca.crt`);
  const sent = sendHttps({ hostname, port, method, path, ca, headers });
  sent.end(body === undefined ? undefined : JSON.stringify(body));
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  let text = "";
  for await (const piece of answer as AsyncIterable<Buffer>) text += piece.toString("utf8");
  if ((answer.statusCode ?? 500) < 300) return JSON.parse(text) as Readonly<Record<string, any>>;
  throw new Error(`${method} ${path}: ${answer.statusCode} ${text}`);
}

/** Starts an extension API server on port 8443, which finds out from the cluster whom to believe. */
export async function startInCluster(answer: ExtensionOptions["answer"]): Promise<void> {
  const name = "extension-apiserver-authentication";
  const { data } = await ask("GET", `/api/v1/namespaces/kube-system/configmaps/${name}`);
  await startExtension({
    cert: TLS_CERT ?? "",
    key: TLS_KEY ?? "",
    proxyAuthority: data["requestheader-client-ca-file"],
    host: "0.0.0.0",
    port: 8443,
    answer,
  });
}
