import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { request as sendHttps } from "node:https";
import {
  startExtension,
  type ExtensionRequest,
} from "../../packages/cluster/src/apiserver/testing/extension-server.ts";
import { createFishExtension } from "../../packages/cluster/src/apiserver/testing/fish-extension.ts";

// An extension API server in a pod: it finds out from the cluster whom to believe, and asks it who may do what, as those do that are
// made with k8s.io/apiserver.

const folder = "/var/run/secrets/kubernetes.io/serviceaccount";
const { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port, TLS_CERT, TLS_KEY } = process.env;

async function ask(method: string, path: string, body?: object): Promise<Readonly<Record<string, any>>> {
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

async function mayDo({ method, path, headers }: ExtensionRequest): Promise<boolean> {
  const [namespace, resource] = path.split("/").slice(5);
  const { status } = await ask("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", {
    spec: {
      user: headers["x-remote-user"],
      groups: String(headers["x-remote-group"]).split(", "),
      resourceAttributes: { group: "sea.example.com", verb: method.toLowerCase(), namespace, resource },
    },
  });
  return status.allowed;
}

const name = "extension-apiserver-authentication";
const { data } = await ask("GET", `/api/v1/namespaces/kube-system/configmaps/${name}`);
const fish = createFishExtension();
await startExtension({
  cert: TLS_CERT ?? "",
  key: TLS_KEY ?? "",
  proxyAuthority: data["requestheader-client-ca-file"],
  host: "0.0.0.0",
  port: 8443,
  async answer(request, response) {
    if (!request.path.includes("/namespaces/") || (await mayDo(request))) return fish(request, response);
    response.writeHead(403, { "content-type": "application/json" });
    response.end(
      JSON.stringify({
        kind: "Status",
        apiVersion: "v1",
        status: "Failure",
        message: "no fishing",
        code: 403,
      }),
    );
    return "answered";
  },
});
