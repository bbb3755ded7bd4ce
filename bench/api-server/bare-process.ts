// What node:https can do at all: it reads JSON, keeps it, and answers it. It knows as much of the API as the bench asks.
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { createCredentials } from "../../packages/cluster/src/apiserver/authentication/credentials.ts";
import { formatKubeconfig } from "../../packages/cluster/src/apiserver/http/format-kubeconfig.ts";

const { authority, server: pair, administrator, token } = createCredentials(Date.now());
const ca = authority.cert;
const kept = new Map<string, string>();
let revision = 0;
const watches = new Set<import("node:http").ServerResponse>();

const server = createServer({ ...pair, ca, requestCert: true }, (request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const [path = "", query = ""] = (request.url ?? "").split("?");
    const answer = (status: number, text: string) =>
      response.writeHead(status, { "content-length": Buffer.byteLength(text) }).end(text);
    if (query.startsWith("watch")) {
      watches.add(response.writeHead(200));
      response.flushHeaders();
    } else if (request.method === "GET") {
      const { limit = kept.size, labelSelector } = Object.fromEntries(new URLSearchParams(query));
      const items = labelSelector === undefined ? [...kept.values()].slice(0, Number(limit)) : [];
      answer(200, `{"metadata":{"resourceVersion":"${revision}"},"items":[${items.join(",")}]}`);
    } else {
      const object = JSON.parse(Buffer.concat(chunks).toString()) as { metadata?: { name: string } };
      const key = object.metadata?.name ?? path;
      revision += 1;
      const text = JSON.stringify({ ...object, revision });
      if (!query.includes("dryRun") && path.endsWith("/pods")) kept.set(key, text);
      for (const watch of watches) watch.write(text);
      answer(request.method === "POST" ? 201 : 200, text);
    }
  });
});
server.listen(0, "127.0.0.1", () => {
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.send?.({ kubeconfig: formatKubeconfig({ server: url, ca, ...administrator, token }) });
});
process.on("disconnect", () => process.exit(0));
