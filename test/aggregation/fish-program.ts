import type { ExtensionRequest } from "../../packages/cluster/src/apiserver/testing/extension-server.ts";
import { createFishExtension } from "../../packages/cluster/src/apiserver/testing/fish-extension.ts";
import { ask, startInCluster } from "./in-cluster.ts";

// An extension API server in a pod, which asks the cluster who may do what, as those do that are made with k8s.io/apiserver.

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

const fish = createFishExtension();
await startInCluster(async (request, response) => {
  if (!request.path.includes("/namespaces/") || (await mayDo(request))) return fish(request, response);
  response.writeHead(403, { "content-type": "application/json" });
  const status = { kind: "Status", apiVersion: "v1", status: "Failure", message: "no fishing", code: 403 };
  response.end(JSON.stringify(status));
  return "answered";
});
