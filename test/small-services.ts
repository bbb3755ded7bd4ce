import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";

/** Eleven Services of which two speak HTTP: one well, one that wants credentials whatever is asked. */
export async function smallServices(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "seaworthy-test-"));
  context.after(() => rm(folder, { recursive: true, force: true }));
  const files: Readonly<Record<string, string>> = {
    "app.yaml": [
      deployment("shop", 8080, shopMore),
      service("shop", "[{ name: main, port: 80, targetPort: 8080 }]"),
      deployment("admin", 8090, draining),
      service("admin", "[{ port: 8090 }]"),
      ...["cart", "ads", "email"].flatMap((name) => [
        deployment(name, 9555, "readinessProbe: { grpc: { port: 9555 } }"),
        service(name, "[{ name: grpc, port: 9555 }]"),
      ]),
      deployment("queue", 7000),
      service("queue", "[{ port: 7000 }]"),
      deployment("streams", 7100),
      service("streams", "[{ port: 7100 }]"),
      deployment("store", 6379),
      service("store", "[{ port: 6379 }]"),
      service("names", "[{ port: 53, protocol: UDP }]", "selector: { app: queue }"),
      service("blog", "[{ port: 80 }]", "type: ExternalName, externalName: blog.example"),
      service("peers", "[{ port: 7000 }]", "clusterIP: None, selector: { app: queue }"),
    ].join("---\n"),
    "seaworthy.yaml": `run:
  registry.example/shop: node shop.mjs
  registry.example/admin: node admin.mjs
  registry.example/queue: node queue.mjs
  registry.example/streams: node streams.mjs
`,
    "shop.mjs": httpApp(8080, 'url === "/ready" ? (draining ? 503 : 200) : method === "POST" ? 405 : 200'),
    "admin.mjs": httpApp(8090, "401"),
    // Answers in words of its own, as Redis does.
    "queue.mjs": `import { createServer } from "node:net";
createServer((socket) => socket.on("error", () => {}).once("data", () => socket.end("-ERR unknown\\r\\n"))).listen(7000);
process.on("SIGTERM", () => process.exit(0));
`,
    "streams.mjs": `import { createServer } from "node:http2";
createServer((request, response) => response.end("ok")).listen(7100);
process.on("SIGTERM", () => process.exit(0));
`,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

const draining =
  "lifecycle: { preStop: { sleep: { seconds: 2 } } }, readinessProbe: { tcpSocket: { port: 8090 }, periodSeconds: 1 }";
const shopMore =
  "lifecycle: { preStop: { sleep: { seconds: 2 } } }, readinessProbe: { httpGet: { path: /ready, port: 8080 }, periodSeconds: 1 }";

function deployment(name: string, port: number, more = "tty: false"): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      containers:
        - { name: ${name}, image: "registry.example/${name}:1", ports: [{ containerPort: ${port} }], ${more} }
`;
}

function service(name: string, ports: string, more = `selector: { app: ${name} }`): string {
  return `apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec: { ports: ${ports}, ${more} }
`;
}

/** An app that drains well. `status` is an expression over url, method and draining. */
function httpApp(port: number, status: string): string {
  return `import { createServer } from "node:http";
let draining = false;
const server = createServer(({ url, method }, response) => {
  if (draining) response.setHeader("connection", "close");
  response.writeHead(${status}).end("hello\\n");
});
server.keepAliveTimeout = 75_000;
server.listen(${port});
process.on("SIGTERM", () => {
  draining = true;
  setTimeout(() => server.close(() => process.exit(0)), 1_000);
});
`;
}
