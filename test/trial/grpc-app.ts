import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";

/** A folder with a service of gRPC in two pods, which drains unless it is `careless`, and what leads to it. */
export async function grpcApp(
  context: TestContext,
  { careless = false, front = "", trial = "" }: { careless?: boolean; front?: string; trial?: string } = {},
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "seaworthy-test-"));
  context.after(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "app.yaml"), manifest(careless) + front);
  await writeFile(join(folder, "carts.mjs"), server);
  const command = `node carts.mjs${careless ? " careless" : ""}`;
  await writeFile(join(folder, "seaworthy.yaml"), `run: { "carts:1": ${command} }\n${trial}`);
  return folder;
}

/** Its health is asked, and watched, as gRPC has it, and it has one method, which knows the cart 7 and no other. */
const server = `import { createServer } from "node:http2";
// Longer than any of the load's connections rests.
const drainMs = 2_500;
let draining = false;
const sessions = new Set();
const watchers = new Set();
const server = createServer();
server.on("session", (session) => {
  sessions.add(session);
  session.on("error", () => {}).on("close", () => sessions.delete(session));
});
server.on("stream", (stream, { ":path": path }) => {
  // Who has a call under way reads the GOAWAY before it makes another.
  if (draining) stream.session?.close();
  const chunks = [];
  stream.on("error", () => {}).on("data", (chunk) => chunks.push(chunk));
  stream.on("end", () => {
    if (path === "/grpc.health.v1.Health/Watch") return watch(stream);
    const isSeven = Buffer.concat(chunks).toString("latin1").endsWith("7");
    const known = { "/grpc.health.v1.Health/Check": "0", "/shop.Carts/Get": isSeven ? "0" : "5" };
    const status = known[path] ?? "12";
    stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": status }));
    stream.end(status === "0" ? Buffer.from([0, 0, 0, 0, 2, 8, draining ? 2 : 1]) : undefined);
  });
});
function watch(stream) {
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "14" }));
  stream.on("close", () => watchers.delete(stream));
  stream.write(Buffer.from([0, 0, 0, 0, 2, 8, 1]));
  if (draining) stream.end();
  else watchers.add(stream);
}
server.listen(9090);
process.on("SIGTERM", () => {
  if (process.argv[2] === "careless") process.exit(0);
  draining = true;
  for (const stream of watchers) stream.end();
  setTimeout(() => {
    server.close();
    for (const session of sessions) session.close();
    setInterval(() => sessions.size === 0 && process.exit(0), 50);
  }, drainMs);
});
`;

function manifest(careless: boolean): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: carts }
spec:
  replicas: 2
  strategy: { rollingUpdate: { maxSurge: "100%", maxUnavailable: 0 } }
  selector: { matchLabels: { app: carts } }
  template:
    metadata: { labels: { app: carts } }
    spec:
      containers:
        - name: carts
          image: "carts:1"
          ports: [{ containerPort: 9090 }]
          readinessProbe: { grpc: { port: 9090 }, periodSeconds: 1 }
${careless ? "" : "          lifecycle: { preStop: { sleep: { seconds: 3 } } }\n"}---
apiVersion: v1
kind: Service
metadata: { name: carts }
spec: { ports: [{ port: 9090 }], selector: { app: carts } }
---
`;
}
