import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";

/** A folder with a service that has a stream of events and a WebSocket, and ends them in order at SIGTERM unless it is `careless`. */
export async function streamApp(
  context: TestContext,
  { careless = false, streams = usual }: { readonly careless?: boolean; readonly streams?: string } = {},
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "seaworthy-test-"));
  context.after(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "app.yaml"), manifest);
  await writeFile(join(folder, "news.mjs"), server);
  const command = `node news.mjs${careless ? " careless" : ""}`;
  await writeFile(
    join(folder, "seaworthy.yaml"),
    `run: { "news:1": ${command} }\ntrial:\n  streams:\n${streams}`,
  );
  return folder;
}

const usual = `    - { kind: sse, path: /events, connections: 6 }
    - { kind: websocket, path: /ws, connections: 6 }
`;

/** Requests are always answered to their end; a careless server forgets only its streams. */
const server = `import { createHash } from "node:crypto";
import { createServer } from "node:http";
// Longer than any of the load's connections rests.
const drainMs = 2_500;
let draining = false;
const events = new Set();
const sockets = new Set();
const server = createServer((request, answer) => {
  if (draining) answer.setHeader("connection", "close");
  if (request.url !== "/events") return answer.end("ok");
  answer.writeHead(200, { "content-type": "text/event-stream" }).write("data: hello\\n\\n");
  if (draining) return answer.end();
  events.add(answer);
  answer.on("close", () => events.delete(answer));
});
server.on("upgrade", (request, socket) => {
  const key = request.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  const accept = createHash("sha1").update(key).digest("base64");
  const head = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Accept: " + accept];
  socket.write(head.join("\\r\\n") + "\\r\\n\\r\\n");
  socket.on("error", () => {}).on("close", () => sockets.delete(socket));
  socket.on("data", (frame) => (frame[0] & 15) === 9 && socket.write(Buffer.from([0x8a, 0])));
  sockets.add(socket);
  if (draining) goAway(socket);
});
function goAway(socket) {
  socket.end(Buffer.from([0x88, 2, 1001 >> 8, 1001 & 255]));
}
server.keepAliveTimeout = 75_000;
server.listen(8080);
process.on("SIGTERM", () => {
  draining = true;
  if (process.argv[2] !== "careless") {
    for (const answer of events) answer.end();
    for (const socket of sockets) goAway(socket);
  }
  setTimeout(() => {
    server.close(() => process.exit(0));
    server.closeIdleConnections();
    if (process.argv[2] === "careless") setTimeout(() => process.exit(0), 500);
  }, drainMs);
});
`;

const manifest = `apiVersion: apps/v1
kind: Deployment
metadata: { name: news }
spec:
  replicas: 2
  strategy: { rollingUpdate: { maxSurge: "100%", maxUnavailable: 0 } }
  selector: { matchLabels: { app: news } }
  template:
    metadata: { labels: { app: news } }
    spec:
      containers:
        - name: news
          image: "news:1"
          ports: [{ containerPort: 8080 }]
          readinessProbe: { httpGet: { path: /, port: 8080 }, periodSeconds: 1 }
          lifecycle: { preStop: { sleep: { seconds: 3 } } }
---
apiVersion: v1
kind: Service
metadata: { name: news }
spec: { ports: [{ port: 80, targetPort: 8080 }], selector: { app: news } }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: news }
spec:
  rules:
    - host: news.example
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: news, port: { number: 80 } } } }] }
`;
